import { z } from 'zod'

/** A person's random pseudonym, 128 bits in hexadecimal: only audit/persons.ts knows whose, until he is erased. */
export const Pseudonym = z
  .string()
  .regex(/^[0-9a-f]{32}$/, 'want 32 lower-case hexadecimal digits')
  .brand<'Pseudonym'>()
export type Pseudonym = z.infer<typeof Pseudonym>

/** HMAC-SHA-256 under the person's key: see sealing.ts. */
export const Commitment = z
  .string()
  .regex(/^hmac-sha256:[0-9a-f]{64}$/, 'want hmac-sha256: and 64 lower-case hexadecimal digits')
  .brand<'Commitment'>()
export type Commitment = z.infer<typeof Commitment>
