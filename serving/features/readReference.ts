import { z } from 'zod'
import { type FeatureReference } from '../../features/quality/reference.js'
import { type Digest } from '../../features/schema/ids.js'
import { BlobError } from '../../storage/blobs.js'
import { type Releases } from '../../training/releases.js'

/** A release's training set as drift is measured from; one that is lost or damaged is told, anything else rejects. */
export async function readReference(
  releases: Pick<Releases, 'featureReference'>,
  release: Digest,
): Promise<FeatureReference | null | 'unreadable'> {
  try {
    return await releases.featureReference(release)
  } catch (error) {
    if (error instanceof BlobError || error instanceof z.ZodError || error instanceof SyntaxError) return 'unreadable'
    throw error
  }
}
