import { userInfo } from 'node:os'
import { Reader } from '../audit/personActs.js'
import { type FirmId } from '../features/schema/ids.js'
import { type Read } from '../serving/privacy/privacyService.js'
import { UsageError } from './output.js'

/** Who runs a command that shows personal data: APTUS_OPERATOR, or the account's name. Throws UsageError. */
export function operator(env: NodeJS.ProcessEnv = process.env, account: () => string = accountName): Reader {
  const name = env['APTUS_OPERATOR'] ?? account()
  const reader = Reader.safeParse(`operator:${name}`)
  if (reader.success) return reader.data
  throw new UsageError(
    'who reads personal data is recorded: set APTUS_OPERATOR to your name, 1 to 128 of letters, digits, ".", "_", "@" and "-"',
  )
}

/** Of an account without a name, its number. */
function accountName(): string {
  try {
    return userInfo().username
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_SYSTEM_ERROR') throw error
    return `uid-${process.getuid?.() ?? 'unknown'}`
  }
}

/** A command that shows personal data, such as "audit show". */
export const readBy = (firmId: FirmId, how: string): Read => ({ firmId, by: operator(), how: `aptus ${how}` })
