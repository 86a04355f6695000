#!/usr/bin/env node
import { Command, CommanderError } from 'commander'
import { LogError } from '../storage/logError.js'
import { IngestError } from '../features/ingest/report.js'
import { PackError } from '../engine/suitability/readPack.js'
import { ConfigurationError } from '../serving/configuration.js'
import { Unavailable } from '../serving/service.js'
import { auditCommand } from './audit.js'
import { evaluateCommand } from './evaluate.js'
import { featuresCommand } from './features.js'
import { importCommand } from './import.js'
import { investorsCommand, productsCommand } from './lists.js'
import { modelsCommand } from './models.js'
import { Failure, say, UsageError } from './output.js'
import { recommendCommand } from './recommend.js'
import { releaseCommand } from './release.js'
import { rulesCommand } from './rules.js'
import { serveCommand, startCommand } from './serve.js'
import { trainCommand } from './train.js'

const program = new Command('aptus')
  .description('Suitable recommendations for wealth management, each one recorded.')
  .exitOverride()
  .showHelpAfterError('(add --help for the options)')

for (const command of [
  startCommand(),
  serveCommand(),
  importCommand(),
  trainCommand(),
  evaluateCommand(),
  recommendCommand(),
  releaseCommand(),
  modelsCommand(),
  auditCommand(),
  rulesCommand(),
  investorsCommand(),
  productsCommand(),
  featuresCommand(),
])
  program.addCommand(command)

/** 0 done, 1 failed or a check did not hold, 2 wrong usage or bad input. */
function exitCodeOf(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2
  if (
    error instanceof UsageError ||
    error instanceof IngestError ||
    error instanceof PackError ||
    error instanceof ConfigurationError
  )
    return 2
  return 1
}

const isExpected = (error: unknown): error is Error =>
  [UsageError, Failure, IngestError, PackError, ConfigurationError, LogError, Unavailable].some(
    (kind) => error instanceof kind,
  )

try {
  await program.parseAsync()
} catch (error) {
  // Commander has said what was wrong already. A known reason is one sentence; anything else is a bug, with its trace.
  if (isExpected(error)) say(`aptus: ${error.message}`)
  else if (!(error instanceof CommanderError))
    say(`aptus: unexpected error: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`)
  process.exitCode = exitCodeOf(error)
}
