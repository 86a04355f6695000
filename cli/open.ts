import { type Home, isEmpty, openHome } from '../serving/home.js'
import { type Disagreement } from '../serving/createService.js'
import { readConfiguration } from '../serving/configuration.js'
import { openService } from '../serving/openService.js'
import { type Service } from '../serving/service.js'
import { openBeside, type TrainingHome } from '../serving/trainingHome.js'
import { clearAfterFailure } from '../serving/unfinished.js'
import { LogError } from '../storage/logError.js'
import { say, UsageError } from './output.js'

/** Opens a data directory for a command, and closes it whatever happens. A server that holds it makes this refuse. */
export async function withHome<T>(dir: string, work: (home: Home) => Promise<T>): Promise<T> {
  const home = await openHome(dir, readConfiguration(process.env))
  try {
    return await work(home)
  } finally {
    await home.close()
  }
}

/** For commands that may be the first to fill a directory: where it was empty and they fail, it is empty again. */
export async function withNewHome<T>(dir: string, work: (home: Home) => Promise<T>): Promise<T> {
  const wasEmpty = await isEmpty(dir)
  let isOurs = false
  try {
    return await withHome(dir, (home) => {
      isOurs = true
      return work(home)
    })
  } catch (error) {
    if (wasEmpty && isOurs) await clearAfterFailure(dir)
    throw error
  }
}

/** An empty directory is a slip, not a place to make. */
export async function refuseEmpty(dir: string): Promise<void> {
  if (await isEmpty(dir))
    throw new UsageError(
      'the data directory is empty: run "aptus start", or "aptus import", or name another with --data',
    )
}

/** For commands that only read. */
export async function withFullHome<T>(dir: string, work: (home: Home) => Promise<T>): Promise<T> {
  await refuseEmpty(dir)
  return withHome(dir, work)
}

/**
 * For training, which reads the history and writes nothing but a run: where a server holds the directory, beside it.
 * `beside` tells.
 */
export async function withTrainingHome<T>(
  dir: string,
  work: (home: TrainingHome, beside: boolean) => Promise<T>,
): Promise<T> {
  await refuseEmpty(dir)
  const configuration = readConfiguration(process.env)
  const own = await openHome(dir, configuration).catch((error: unknown) => {
    if (error instanceof LogError && error.code === 'held') return null
    throw error
  })
  if (own === null) say('a server, or another command, holds the data directory: its history is read beside it')
  const home = own ?? (await openBeside(dir, configuration, Date.now()))
  try {
    return await work(home, own === null)
  } finally {
    await home.close()
  }
}

/** The service over a data directory, without HTTP: commands recommend and audit through the same code as the server. */
export async function withService<T>(dir: string, work: (service: Service, home: Home) => Promise<T>): Promise<T> {
  await refuseEmpty(dir)
  const home = await openHome(dir, readConfiguration(process.env))
  const service = await openService(home, { now: Date.now, onDisagreement: alarm, say }).catch(
    async (error: unknown) => {
      await home.close()
      throw error
    },
  )
  try {
    return await work(service, home)
  } finally {
    await service.close()
  }
}

const alarm = ({ count, decisionId }: Disagreement): void =>
  say(
    `ALARM: ${count} products of decision ${decisionId} were permitted by the compiled rules and rejected by the reference; they were left out`,
  )
