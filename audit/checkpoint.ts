import { type Hash, hashLength } from './merkle/hashing.js'

/** What a signed checkpoint says: C2SP tlog-checkpoint. */
export type Checkpoint = { readonly origin: string; readonly size: number; readonly root: Hash }

/** With the signed note whose text it is. */
export type SignedCheckpoint = Checkpoint & { readonly note: string }

export const textOfCheckpoint = ({ origin, size, root }: Checkpoint): string =>
  `${origin}\n${size}\n${root.toString('base64')}\n`

/** What a checkpoint's text says; null where it is none of ours, which have no further lines. */
export const parseCheckpoint = (text: string): Checkpoint | null => {
  const [, origin = '', size = '', encoded = ''] = /^([^\n]+)\n(0|[1-9]\d*)\n([A-Za-z0-9+/]+=)\n$/.exec(text) ?? []
  const checkpoint = { origin, size: Number(size), root: Buffer.from(encoded, 'base64') }
  const holds = checkpoint.root.length === hashLength && Number.isSafeInteger(checkpoint.size)
  return holds && textOfCheckpoint(checkpoint) === text ? checkpoint : null
}
