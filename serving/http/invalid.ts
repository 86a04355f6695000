import { type z } from 'zod'
import { type Language } from '../../engine/explanation/texts.js'
import { type Answer } from './answer.js'
import { problem } from './problems.js'
import { type Fault } from './schemas.js'

/** 422, with a pointer to each fault. */
export const invalid = (errors: readonly z.infer<typeof Fault>[], language: Language): Answer =>
  problem('invalid-request', language, { errors })

export const otherId = (language: Language): Answer =>
  invalid([{ in: 'body', pointer: '/id', message: 'not the id of the address: leave it out, or repeat it' }], language)
