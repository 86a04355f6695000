import { type Command } from 'commander'
import { type FirmId } from '../../features/schema/ids.js'
import { defaultFirm } from '../../serving/investorKey.js'
import { type Common, firm as firmOption, withCommon } from '../options.js'
import { UsageError } from '../output.js'

/** Of a command about what one firm recorded. */
export type Options = Common & { readonly firm: FirmId }

export const withFirm = (command: Command): Command =>
  withCommon(command).option('--firm <id>', 'whose decision', firmOption, defaultFirm)

/** An id as it was typed. Throws UsageError. */
export function idOf<T>(
  schema: { safeParse(text: string): { success: true; data: T } | { success: false } },
  text: string,
  what: string,
): T {
  const parsed = schema.safeParse(text)
  if (!parsed.success) throw new UsageError(`"${text}" is no ${what} id`)
  return parsed.data
}
