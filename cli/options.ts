import { type Command, InvalidArgumentError, Option } from 'commander'
import { FirmId } from '../features/schema/ids.js'

/** A whole number within bounds, or a message that says what is wanted. */
export const wholeNumber =
  (least: number, most = Number.MAX_SAFE_INTEGER) =>
  (text: string): number => {
    const value = Number(text)
    if (!/^-?\d+$/.test(text) || value < least || value > most)
      throw new InvalidArgumentError(
        `want a whole number from ${least}${most === Number.MAX_SAFE_INTEGER ? '' : ` to ${most}`}.`,
      )
    return value
  }

/** RFC 3339 with Z → ms UTC. */
export function instant(text: string): number {
  const value = Date.parse(text)
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,3})?Z$/.test(text) || Number.isNaN(value))
    throw new InvalidArgumentError('want an instant such as 2026-05-08T15:00:00Z.')
  return value
}

/** A firm's id. */
export function firm(text: string): FirmId {
  const parsed = FirmId.safeParse(text)
  if (!parsed.success) throw new InvalidArgumentError(`${parsed.error.issues[0]?.message ?? 'no firm id'}.`)
  return parsed.data
}

/** The options that every command takes. */
export type Common = { readonly data: string; readonly json: boolean; readonly seed: number }

export const withCommon = (command: Command): Command =>
  command
    .addOption(new Option('--data <dir>', 'data directory').env('APTUS_DATA').default('./data'))
    .option('--json', 'one JSON document on stdout and nothing else there', false)
    .option('--seed <n>', 'seed of all randomness', wholeNumber(0, 0xffff_ffff), 1)
