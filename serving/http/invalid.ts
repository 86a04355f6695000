import { type z } from 'zod'
import { type Language } from '../../engine/explanation/texts.js'
import { type Answer } from './answer.js'
import { type OutOfRange } from '../../features/quality/outOfRange.js'
import { listed, pointerOf } from './faults.js'
import { problem } from './problems.js'
import { type Fault } from './schemas.js'

/** 422, with a pointer to each fault. */
export const invalid = (errors: readonly z.infer<typeof Fault>[], language: Language): Answer =>
  problem('invalid-request', language, { errors })

/** 422 of values that cannot be true; `at`: where in the body the record stands. */
export const notInRange = (
  found: readonly { readonly at: readonly string[]; readonly fault: OutOfRange }[],
  language: Language,
): Answer =>
  invalid(
    found.slice(0, listed).map(({ at, fault: { path, want, reason } }) => ({
      in: 'body' as const,
      pointer: pointerOf([...at, ...path]),
      message: `want ${want}: ${reason}`,
    })),
    language,
  )

export const otherId = (language: Language): Answer =>
  invalid([{ in: 'body', pointer: '/id', message: 'not the id of the address: leave it out, or repeat it' }], language)
