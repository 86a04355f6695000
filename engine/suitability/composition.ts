import { z } from 'zod'
import { Digest } from '../../features/schema/ids.js'
import { type Pack } from './pack.js'

const format = 'aptus-pack-composition/1'
const Composition = z.strictObject({ format: z.literal(format), base: Digest, firm: Digest })
export type Digests = NonNullable<Pack['extended']>

/** The bytes, as text, that name a pack and a firm's pack over it: what is kept beside both, under the digest of the two. */
export const compositionOf = ({ base, firm }: Digests): string => JSON.stringify({ format, base, firm })

/** Which two packs the kept bytes of a digest name; null where they are a pack themselves. */
export function compositionIn(bytes: Uint8Array): Digests | null {
  const text = new TextDecoder().decode(bytes)
  if (!text.startsWith(`{"format":"${format}"`)) return null
  const { base, firm } = Composition.parse(JSON.parse(text))
  return { base, firm }
}
