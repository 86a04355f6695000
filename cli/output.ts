import { createRequire } from 'node:module'
import type * as cliProgress from 'cli-progress'

/** Read where there is a terminal to draw on. */
const bars = (): typeof cliProgress => createRequire(import.meta.url)('cli-progress') as typeof cliProgress

/** Wrong usage or bad input: exit 2, with the message alone. */
export class UsageError extends Error {}
/** A check did not hold, or the work could not be done, and the reason is known: exit 1, with the message alone. */
export class Failure extends Error {}

/** One JSON document on stdout, or the words of `text` where --json was not given. */
export function print(json: boolean, value: unknown, text: () => string): void {
  process.stdout.write(json ? `${JSON.stringify(value, null, 2)}\n` : ensureNewline(text()))
}

const ensureNewline = (text: string): string => (text === '' || text.endsWith('\n') ? text : `${text}\n`)

/** Words on stderr: what is being done, never results. */
export const say = (text: string): void => void process.stderr.write(`${text}\n`)

/** A progress bar on stderr; where that is no terminal, a line at the end of each task. */
export function progress(): {
  readonly update: (task: string, done: number, total: number | null) => void
  readonly stop: () => void
} {
  const terminal = process.stderr.isTTY
  let bar: cliProgress.SingleBar | null = null
  let current = ''
  return {
    update: (task, done, total) => {
      if (task !== current) {
        bar?.stop()
        current = task
        if (!terminal) say(`${task} …`)
        else {
          bar = new (bars().SingleBar)({
            format: '{task} [{bar}] {value}/{total} {eta_formatted}',
            stream: process.stderr,
            hideCursor: true,
          })
          bar.start(total ?? 0, done, { task })
        }
      }
      if (total !== null) bar?.setTotal(total)
      bar?.update(done)
    },
    stop: () => {
      bar?.stop()
      bar = null
      current = ''
    },
  }
}
