import { type ForgettingLmdb } from '../../storage/forgettingLmdb.js'
import { type IdempotencyStore, type Kept } from './idempotency.js'

/** Expired answers taken out at each new one: more than one, so that the database does not grow. */
const sweptAtOnce = 4

/**
 * In a database of its own, which outlives the process; what is forgotten about a person is soon in no file. Keys:
 * `a:ID` → the answer, `t:EXPIRY:ID` → its subjects, in the order of time, `s:SUBJECT:ID` → its expiry.
 */
export function lmdbIdempotency(database: ForgettingLmdb): IdempotencyStore {
  return {
    get: (id, now) => {
      const bytes = database.get(answerKey(id))
      const kept = bytes === undefined ? null : (JSON.parse(text(bytes)) as Kept)
      return Promise.resolve(kept !== null && kept.expiresAt > now ? kept : null)
    },
    put: async (id, subjects, kept, now) => {
      const expired = first(database, 't:', sweptAtOnce).filter(({ parts }) => Number(parts[1]) <= now)
      await database.transact(({ put, remove }) => {
        for (const { key, value, parts } of expired) {
          const old = parts[2] ?? ''
          remove(key)
          // The same key may have been used again since: then the answer is the newer one's.
          if (old !== id) remove(answerKey(old))
          for (const subject of value.split(',')) remove(subjectKey(subject, old))
        }
        put(answerKey(id), bytesOf(JSON.stringify(kept)))
        put(timeKey(kept.expiresAt, id), bytesOf(subjects.join(',')))
        for (const subject of subjects) put(subjectKey(subject, id), bytesOf(String(kept.expiresAt)))
      })
    },
    about: (subject) =>
      Promise.resolve(
        first(database, `s:${subject}:`, Infinity).flatMap(({ parts }) => {
          const bytes = database.get(answerKey(parts[2] ?? ''))
          return bytes === undefined ? [] : [JSON.parse(text(bytes)) as Kept]
        }),
      ),
    forget: async (subject) => {
      const about = first(database, `s:${subject}:`, Infinity)
      // Also where nothing is kept: an answer that expired may lie in a freed page.
      await database.forget(({ get, remove }) => {
        for (const { value, parts } of about) {
          const id = parts[2] ?? ''
          const at = timeKey(Number(value), id)
          const subjects = get(at)
          for (const each of subjects === undefined ? [subject] : text(subjects).split(','))
            remove(subjectKey(each, id))
          remove(answerKey(id))
          remove(at)
        }
      })
    },
    close: () => database.close(),
  }
}

const answerKey = (id: string): string => `a:${id}`
/** Sixteen digits: instants order as text. */
const timeKey = (at: number, id: string): string => `t:${String(at).padStart(16, '0')}:${id}`
const subjectKey = (subject: string, id: string): string => `s:${subject}:${id}`

const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes)
const bytesOf = (words: string): Uint8Array => new TextEncoder().encode(words)

type Entry = { readonly key: string; readonly value: string; readonly parts: readonly string[] }

/** The first entries under a prefix. */
function first(database: ForgettingLmdb, prefix: string, most: number): readonly Entry[] {
  const found: Entry[] = []
  for (const { key, value } of database.entries(prefix)) {
    if (!key.startsWith(prefix) || found.length >= most) break
    found.push({ key, value: text(value), parts: key.split(':') })
  }
  return found
}
