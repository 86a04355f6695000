import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { productVector } from '../features/definitions/vectors.js'
import { type FeatureReference, referenceOf } from '../features/quality/reference.js'
import { type Digest } from '../features/schema/ids.js'
import { openBlobs } from '../storage/blobs.js'
import { randomProduct, seeded } from '../tests/randomMarket.js'
import { catalogueOf, randomModel } from '../tests/randomRelease.js'
import { openReleases } from './releases.js'

const at = Date.parse('2026-05-08T15:00:00Z')
const products = Array.from({ length: 30 }, (_, index) => randomProduct(seeded(index), index, at))

test('releases built and activated at once are all in the list', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'releases-'))
  try {
    const releases = await openReleases(join(dir, 'releases'), openBlobs(join(dir, 'blobs')))
    const build = (seed: number) => releases.build(randomModel(products, 8, seed), catalogueOf(products), null)
    const first = await build(0)
    const [built] = await Promise.all([
      Promise.all([1, 2, 3, 4, 5].map(build)),
      releases.activate(first),
      expect(releases.activate('sha256:none' as typeof first)).rejects.toThrow('no release'),
    ])
    const listed = await releases.list()
    expect(listed.map(({ digest }) => digest).sort()).toEqual([first, ...built].sort())
    expect(listed.find(({ active }) => active)?.digest).toBe(first)
  } finally {
    await rm(dir, { recursive: true })
  }
})

test('a release keeps how its training set looked, and one without goes on', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'releases-'))
  try {
    const blobs = openBlobs(join(dir, 'blobs'))
    const releases = await openReleases(join(dir, 'releases'), blobs)
    const reference = referenceOf(
      at,
      [],
      products.map((product) => productVector(product, at)),
    )
    const build = (featureReference: FeatureReference | null) =>
      releases.build(randomModel(products, 8, 1), catalogueOf(products), null, { featureReference })
    const [without, kept] = [await build(null), await build(reference)]
    expect(await releases.featureReference(kept)).toEqual(reference)
    expect(await releases.featureReference(without)).toBeNull()
    expect((await releases.open(kept)).manifest.model).toBe((await releases.open(without)).manifest.model)
  } finally {
    await rm(dir, { recursive: true })
  }
})

test('a rollback goes back one release at a time, and what is forgotten is gone from its way', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'releases-'))
  try {
    const releases = await openReleases(join(dir, 'releases'), openBlobs(join(dir, 'blobs')))
    const built = []
    for (const seed of [0, 1, 2, 3])
      built.push(await releases.build(randomModel(products, 4, seed), catalogueOf(products), null))
    const [a, b, c, d] = built as [Digest, Digest, Digest, Digest]
    await expect(releases.rollback()).rejects.toThrow('no release was active before')
    for (const digest of [a, b, b, c, d]) await releases.activate(digest)
    expect(await releases.previous()).toBe(c)
    await releases.forget(new Set([c]))
    expect(await releases.rollback()).toBe(b)
    await expect(releases.forget(new Set([b]))).rejects.toThrow('is active')
    expect([await releases.rollback(), await releases.active(), await releases.previous()]).toEqual([a, a, null])
    expect((await releases.list()).map(({ digest }) => digest)).toEqual([a, b, d])
  } finally {
    await rm(dir, { recursive: true })
  }
})
