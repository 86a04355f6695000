import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { decode, encode } from 'cborg'
import { replaceFile } from '../../storage/replaceFile.js'
import { type Product } from '../schema/product.js'
import { type Instant } from '../schema/time.js'
import { type Folded, foldedOf } from './catalogueFold.js'

/**
 * The newest catalogue, folded, in one file, so that opening need not read every revision since the first. Derived:
 * deleted, damaged or of another log it is passed over, and the revisions are read.
 */
const name = 'folded.cbor'
const hashLength = 32

type Content = { v: 1; revision: number; digests: string; products: readonly Product[]; knownAts: readonly Instant[] }

export const writeSnapshot = async (dir: string, { catalogue, knownAts, digests }: Folded): Promise<void> => {
  const { revision, products } = catalogue
  const content = encode({ v: 1, revision, digests, products, knownAts } satisfies Content)
  await replaceFile(join(dir, name), Buffer.concat([createHash('sha256').update(content).digest(), content]))
}

/** Null where there is none that fits: `digests` are those of the log's revisions, hexadecimal, joined. */
export const readSnapshot = async (dir: string, digests: string): Promise<Folded | null> => {
  const bytes = await readFile(join(dir, name)).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null
    throw error
  })
  if (bytes === null || bytes.length <= hashLength) return null
  const content = bytes.subarray(hashLength)
  if (!createHash('sha256').update(content).digest().equals(bytes.subarray(0, hashLength))) return null
  const { v, revision, digests: folded, products, knownAts } = decode(content) as Content
  const fits = (v as number) === 1 && folded.length === revision * 64 && digests.startsWith(folded)
  return fits ? foldedOf(revision, folded, products, knownAts) : null
}
