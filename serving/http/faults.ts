import { type z } from 'zod'
import { type Fault } from './schemas.js'

type Place = z.infer<typeof Fault>['in']

/** More than these are not listed: the first ones show what is wrong. */
export const listed = 32
const timeFields = new Set(['at', 'asOf', 'as_of', 'now', 'time', 'timestamp', 'knownAt'])

/** What a schema found, as pointers; a message never repeats the value that was sent. */
export function faultsOf(error: z.ZodError, place: Place): readonly z.infer<typeof Fault>[] {
  return error.issues
    .flatMap((issue) => {
      if (issue.code !== 'unrecognized_keys')
        return [{ in: place, pointer: pointerOf(issue.path), message: issue.message }]
      return issue.keys.map((key) => ({
        in: place,
        pointer: pointerOf([...issue.path, key]),
        message: timeFields.has(key) ? 'the server sets the time; leave this out' : 'not a field of this request',
      }))
    })
    .slice(0, listed)
}

/** RFC 6901, cut at 500 characters: a key may be of any length. */
export const pointerOf = (path: readonly PropertyKey[]): string =>
  path
    .map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`)
    .join('')
    .slice(0, 500)
