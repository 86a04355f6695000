import { createHash } from 'node:crypto'
import { type FirmId, type InvestorId } from '../../features/schema/ids.js'
import { type Instant } from '../../features/schema/time.js'
import { type Answer } from './answer.js'

/** What an Idempotency-Key came to: the body that it stands for, by its hash, and the answer. */
export type Kept = { readonly bodyHash: string; readonly answer: Answer; readonly expiresAt: Instant }

/** Answers by the hash of firm, route and key. `subjects` are hashes of the persons whom the answer is about. */
export type IdempotencyStore = {
  /** Null where nothing is kept, or its time is over. */
  readonly get: (id: string, now: Instant) => Promise<Kept | null>
  readonly put: (id: string, subjects: readonly string[], kept: Kept, now: Instant) => Promise<void>
  /** The answers about a person, also those whose time is over and that were not yet swept. */
  readonly about: (subject: string) => Promise<readonly Kept[]>
  /** Forgets the answers about a person, when he is erased. */
  readonly forget: (subject: string) => Promise<void>
  readonly close: () => Promise<void>
}

export type Idempotency = {
  /**
   * Runs `work` once for a key; later calls within 24 h, and those that come while it runs, get its answer. `reused`:
   * the key stands for another body. A failure (a throw, or 5xx) is given to those that waited, and not kept.
   */
  readonly once: (request: OnceRequest, work: () => Promise<Answer>) => Promise<Answer | 'reused'>
  /** What is kept about a person. */
  readonly about: (firmId: FirmId, investorId: InvestorId) => Promise<readonly Kept[]>
  /** Waits for the requests about a person that are under way, and forgets their answers with the others. */
  readonly forget: (firmId: FirmId, investorId: InvestorId) => Promise<void>
  readonly close: () => Promise<void>
}

export type OnceRequest = {
  readonly firmId: FirmId
  readonly route: string
  readonly key: string
  readonly body: Uint8Array
  readonly subjects: readonly InvestorId[]
  readonly now: Instant
}

export const keptMs = 24 * 3_600_000

/** Unambiguous: JSON keeps the parts apart. */
const hashOf = (...parts: readonly string[]): string => createHash('sha256').update(JSON.stringify(parts)).digest('hex')
const subjectOf = (firmId: FirmId, investorId: InvestorId): string => hashOf(firmId, investorId)

type Work = () => Promise<Answer>
type UnderWay = { readonly bodyHash: string; readonly subjects: ReadonlySet<string>; readonly answer: Promise<Answer> }

/**
 * Over a store, for one process: two processes that get the same new key at the same instant both run it, so a balancer
 * before several has to hold a key to one of them.
 */
export function createIdempotency(store: IdempotencyStore): Idempotency {
  const underWay = new Map<string, UnderWay>()

  const runAndKeep = async (id: string, { bodyHash, subjects }: Omit<UnderWay, 'answer'>, now: Instant, work: Work) => {
    const answer = await work()
    if (answer.status < 500) await store.put(id, [...subjects], { bodyHash, answer, expiresAt: now + keptMs }, now)
    return answer
  }

  return {
    once: async (request, work) => {
      const id = hashOf(request.firmId, request.route, request.key)
      const bodyHash = createHash('sha256').update(request.body).digest('hex')
      const running = underWay.get(id)
      if (running !== undefined) return running.bodyHash === bodyHash ? running.answer : 'reused'
      const subjects = new Set(request.subjects.map((subject) => subjectOf(request.firmId, subject)))
      // Entered before anything is awaited, so that whoever comes meanwhile waits for it.
      const first = store
        .get(id, request.now)
        .then(
          (kept) =>
            kept ?? runAndKeep(id, { bodyHash, subjects }, request.now, work).then((answer) => ({ bodyHash, answer })),
        )
        .finally(() => underWay.delete(id))
      const answer = first.then((kept) => kept.answer)
      // Whoever waits hears of a failure by himself; without this, one that nobody waits for would end the process.
      answer.catch(() => undefined)
      underWay.set(id, { bodyHash, subjects, answer })
      const kept = await first
      return kept.bodyHash === bodyHash ? kept.answer : 'reused'
    },
    about: (firmId, investorId) => store.about(subjectOf(firmId, investorId)),
    forget: async (firmId, investorId) => {
      const subject = subjectOf(firmId, investorId)
      const about = [...underWay.values()].filter(({ subjects }) => subjects.has(subject))
      await Promise.allSettled(about.map(({ answer }) => answer))
      await store.forget(subject)
    },
    close: () => store.close(),
  }
}
