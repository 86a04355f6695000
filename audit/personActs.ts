import { z } from 'zod'
import { Digest, FirmId } from '../features/schema/ids.js'
import { Instant } from '../features/schema/time.js'
import { Pseudonym } from './commitment.js'

/** Who read: a key by the mark that `aptus keys list` shows, or who ran a command. */
export const Reader = z
  .string()
  .regex(/^(key|operator):[A-Za-z0-9._@-]{1,128}$/, 'want key: or operator: and letters, digits, ".", "_", "@" and "-"')
  .brand<'Reader'>()
export type Reader = z.infer<typeof Reader>

const id = z.string().regex(/^[A-Za-z0-9._:-]{1,128}$/)
const act = { v: z.literal(1), entryId: id, firmId: FirmId, at: Instant }

/** A human role was shown what is held on a person. Nothing is sealed: neither who read nor how tells of the person. */
export const ProfileReadEntry = z.strictObject({
  ...act,
  type: z.literal('profile-read'),
  pseudonym: Pseudonym,
  by: Reader,
  /** The operation of the API, or the command. */
  how: z.string().min(1).max(64),
  /** The entry whose sealed part was opened; null: the profile itself. */
  of: id.nullable(),
})
export type ProfileReadEntry = z.infer<typeof ProfileReadEntry>

/** A table that holds personal data of many was written for a human role. */
export const ProfilesReadEntry = z.strictObject({
  ...act,
  type: z.literal('profiles-read'),
  by: Reader,
  how: z.string().min(1).max(64),
  /** Of the table. */
  rows: z.int().min(0),
})

/** A person was erased. His pseudonym leads to nobody from then on; the models had learnt from him by then. */
export const ErasureEntry = z.strictObject({
  ...act,
  type: z.literal('erasure'),
  pseudonym: Pseudonym,
  /** Training runs that read his data, and what was released of them. */
  runs: z.array(z.string().regex(/^run-[0-9a-f]{16}$/)),
  releases: z.array(Digest),
})
export type ErasureEntry = z.infer<typeof ErasureEntry>

/** Training runs and releases that had learnt from a person. */
export type LearntFrom = Pick<ErasureEntry, 'runs' | 'releases'>
