import { type IdempotencyStore, type Kept } from './idempotency.js'

/** In this process alone, gone with it. Past `most` answers the oldest are dropped, be their time over or not. */
export function memoryIdempotency(most = 10_000): IdempotencyStore {
  const answers = new Map<string, Kept & { readonly subjects: readonly string[] }>()
  return {
    get: (id, now) => {
      const kept = answers.get(id)
      return Promise.resolve(kept !== undefined && kept.expiresAt > now ? kept : null)
    },
    put: (id, subjects, kept) => {
      answers.delete(id)
      answers.set(id, { ...kept, subjects })
      for (const oldest of answers.keys()) {
        if (answers.size <= most) break
        answers.delete(oldest)
      }
      return Promise.resolve()
    },
    about: (subject) => Promise.resolve([...answers.values()].filter(({ subjects }) => subjects.includes(subject))),
    forget: (subject) => {
      for (const [id, kept] of answers) if (kept.subjects.includes(subject)) answers.delete(id)
      return Promise.resolve()
    },
    close: () => Promise.resolve(),
  }
}
