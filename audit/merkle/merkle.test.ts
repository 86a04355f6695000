import { leafHash } from '../../storage/segmentFormat.js'
import { frontierFrom, subtreesOf } from './frontier.js'
import { emptyRoot, type Hash, nodeHash } from './hashing.js'
import { consistencyPath, inclusionPath, rootAt, type Subtree } from './proofs.js'
import { consistencyHolds, rootOfInclusion } from './verifyProof.js'

const hex = (text: string): Buffer => Buffer.from(text, 'hex')

/** Full subtrees over a list of leaf hashes. */
const subtreesOver = (leaves: readonly Hash[]): Subtree => {
  const levels = [[...leaves]]
  for (let below = levels[0] ?? []; below.length > 1; below = levels.at(-1) ?? [])
    levels.push(
      Array.from({ length: Math.floor(below.length / 2) }, (_, at) => nodeHash(below[2 * at]!, below[2 * at + 1]!)),
    )
  return (level, index) => {
    const found = levels[level]?.[index]
    return found === undefined
      ? Promise.reject(new Error(`no full subtree ${index} of level ${level}`))
      : Promise.resolve(found)
  }
}

// The tree of certificate-transparency's merkle_tree_test, as transparency-dev/merkle publishes it: inputs, subtrees and
// roots in testonly/constants.go, proofs in proof/verify_test.go (there the leaves are counted from 1).
const inputs = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f'].map(
  hex,
)
const roots = [
  'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
].map(hex)
/** Full subtrees by level and index. */
const nodes = [
  [
    '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
    '96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7',
    '0298d122906dcfc10892cb53a73992fc5b9f493ea4c9badb27b791b4127a7fe7',
    '07506a85fd9dd2f120eb694f86011e5bb4662e5c415a62917033d4a9624487e7',
    'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
    '4271a26be0d8a84f0bd54c8c302e7cb3a3b5d1fa6780a40bcce2873477dab658',
    'b08693ec2e721597130641e8211e7eedccb4c26413963eee6c1e2ed16ffb1a5f',
    '46f6ffadd3d06a09ff3c5860d2755c8b9819db7df44251788c7d8e3180de8eb1',
  ],
  [
    'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
    '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
    '0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a',
    'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0',
  ],
  [
    'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
    '6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4',
  ],
].map((level) => level.map(hex))
/** By index from 0 and size: siblings as [level, index]. */
const inclusions = [
  { index: 0, size: 1, path: [] },
  { index: 0, size: 8, path: [[0, 1], [1, 1], [2, 1]] }, // prettier-ignore
  { index: 5, size: 8, path: [[0, 4], [1, 3], [2, 0]] }, // prettier-ignore
  { index: 2, size: 3, path: [[1, 0]] },
  { index: 1, size: 5, path: [[0, 0], [1, 1], [0, 4]] }, // prettier-ignore
]
const consistencies = [
  { from: 1, to: 1, path: [] },
  { from: 1, to: 8, path: [[0, 1], [1, 1], [2, 1]] }, // prettier-ignore
  { from: 6, to: 8, path: [[1, 2], [1, 3], [2, 0]] }, // prettier-ignore
  { from: 2, to: 5, path: [[1, 1], [0, 4]] }, // prettier-ignore
  { from: 6, to: 7, path: [[1, 2], [0, 6], [2, 0]] }, // prettier-ignore
]
const named = (path: readonly (readonly number[])[]): (Hash | undefined)[] =>
  path.map(([level = 0, index = 0]) => nodes[level]?.[index])
const published = subtreesOver(inputs.map(leafHash))

test('the published subtrees and roots of 0 to 8 leaves', async () => {
  for (const [level, known] of nodes.entries())
    for (const [index, node] of known.entries()) expect(await published(level, index)).toEqual(node)
  const frontier = frontierFrom(0, [])
  for (const [size, root] of roots.entries()) {
    expect(await rootAt(size, published)).toEqual(root)
    expect(frontier.root()).toEqual(root)
    frontier.add(leafHash(inputs[size] ?? Buffer.of()))
  }
})

test.each(inclusions)('the published inclusion proof of leaf $index among $size', async ({ index, size, path }) => {
  const made = await inclusionPath(index, size, published)
  expect(made).toEqual(named(path))
  expect(rootOfInclusion(leafHash(inputs[index]!), index, size, made)).toEqual(roots[size])
})

test.each(consistencies)('the published consistency proof from $from to $to leaves', async ({ from, to, path }) => {
  const made = await consistencyPath(from, to, published)
  expect(made).toEqual(named(path))
  expect(consistencyHolds({ size: from, root: roots[from]! }, { size: to, root: roots[to]! }, made)).toBe(true)
})

test('the paths that RFC 9162 §2.1.5 names in its tree of 7 leaves', async () => {
  const [a, b, c, d, e, f, j] = nodes[0]!
  const [g, h, i] = nodes[1]!
  const [k] = nodes[2]!
  const l = nodeHash(i!, j!)
  expect([a, e]).not.toContain(undefined)
  expect(await inclusionPath(0, 7, published)).toEqual([b, h, l])
  expect(await inclusionPath(3, 7, published)).toEqual([c, g, l])
  expect(await inclusionPath(4, 7, published)).toEqual([f, j, k])
  expect(await inclusionPath(6, 7, published)).toEqual([i, k])
  expect(await consistencyPath(3, 7, published)).toEqual([c, d, g, l])
  expect(await consistencyPath(4, 7, published)).toEqual([l])
  expect(await consistencyPath(6, 7, published)).toEqual([i, j, k])
})

/** The definitions of RFC 9162 §2.1 as they stand there, over the leaves [from, to) of a list. */
const plain = (leaves: readonly Hash[]) => {
  const known = new Map<string, Hash>()
  const k = (n: number): number => 2 ** Math.floor(Math.log2(n - 1))
  const calculated = (from: number, to: number): Hash =>
    to === from
      ? emptyRoot
      : to - from === 1
        ? leaves[from]!
        : nodeHash(mth(from, from + k(to - from)), mth(from + k(to - from), to))
  const mth = (from: number, to: number): Hash => {
    const name = `${from}:${to}`
    const found = known.get(name) ?? calculated(from, to)
    known.set(name, found)
    return found
  }
  const path = (m: number, from: number, to: number): Hash[] => {
    if (to - from === 1) return []
    const middle = from + k(to - from)
    return m < middle - from
      ? [...path(m, from, middle), mth(middle, to)]
      : [...path(m - (middle - from), middle, to), mth(from, middle)]
  }
  const subproof = (m: number, from: number, to: number, complete: boolean): Hash[] => {
    if (m === to - from) return complete ? [] : [mth(from, to)]
    const middle = from + k(to - from)
    return m <= middle - from
      ? [...subproof(m, from, middle, complete), mth(middle, to)]
      : [...subproof(m - (middle - from), middle, to, false), mth(from, middle)]
  }
  return {
    root: (size: number) => mth(0, size),
    path: (index: number, size: number) => path(index, 0, size),
    proof: (from: number, to: number) => (from === 0 ? [] : subproof(from, 0, to, true)),
  }
}

const most = 130
/** Up to this size each proof is also held to prove nothing else. */
const mostRefused = 34
const leaves = Array.from({ length: most + 1 }, (_, place) => leafHash(Buffer.from(`leaf ${place}`)))
const defined = plain(leaves)
const subtree = subtreesOver(leaves)

test('roots and frontiers of 0 to 130 leaves are those of the definition', async () => {
  const frontier = frontierFrom(0, [])
  for (let size = 0; size <= most; size++) {
    expect(await rootAt(size, subtree)).toEqual(defined.root(size))
    expect(frontier.root()).toEqual(defined.root(size))
    const levels: Hash[] = []
    for (const { level, index } of subtreesOf(size)) levels[level] = await subtree(level, index)
    expect(frontierFrom(size, levels).root()).toEqual(defined.root(size))
    if (size < most) frontier.add(leaves[size]!)
  }
})

const head = (size: number) => ({ size, root: defined.root(size) })
const flipped = (hash: Hash): Hash => Buffer.from(hash.map((byte, place) => (place === 5 ? byte ^ 4 : byte)))

const sizes = Array.from({ length: most + 1 }, (_, size) => size)
const isSame = (made: readonly Hash[], wanted: readonly Hash[]): boolean =>
  Buffer.concat(made).equals(Buffer.concat(wanted))

test('every inclusion proof among 1 to 130 leaves is the defined one, and leads to the root', async () => {
  const failed: string[] = []
  for (const size of sizes)
    for (let index = 0; index < size; index++) {
      const path = await inclusionPath(index, size, subtree)
      const leads = rootOfInclusion(leaves[index]!, index, size, path)?.equals(defined.root(size))
      if (!isSame(path, defined.path(index, size)) || leads !== true) failed.push(`${index} among ${size}`)
    }
  expect(failed).toEqual([])
})

test('every consistency proof between 0 and 130 leaves is the defined one, and holds', async () => {
  const failed: string[] = []
  for (const to of sizes)
    for (const from of sizes.slice(0, to + 1)) {
      const path = await consistencyPath(from, to, subtree)
      const holds = consistencyHolds(head(from), head(to), path)
      if (!isSame(path, defined.proof(from, to)) || !holds) failed.push(`${from} to ${to}`)
    }
  expect(failed).toEqual([])
})

test('an inclusion proof proves no other leaf, index, size or path', async () => {
  for (const size of sizes.slice(1, mostRefused))
    for (let index = 0; index < size; index++) {
      const path = await inclusionPath(index, size, subtree)
      const [leaf, root] = [leaves[index]!, defined.root(size)]
      const leads = (...given: Parameters<typeof rootOfInclusion>): boolean =>
        rootOfInclusion(...given)?.equals(root) === true
      const wrong = [
        leads(flipped(leaf), index, size, path),
        leads(leaf, index - 1, size, path),
        leads(leaf, index + 1, size, path),
        leads(leaf, index ^ 2, size, path),
        leads(leaf, index, size * 2, path),
        leads(leaf, index, Math.floor(size / 2), path),
        leads(leaf, index, size, [...path, root]),
        leads(leaf, index, size, [root, ...path]),
        ...path.map((_, place) => leads(leaf, index, size, path.toSpliced(place, 1))),
        ...path.map((hash, place) => leads(leaf, index, size, path.with(place, flipped(hash)))),
        // The same siblings may fit the shape of a size beside it, but never lead to its root.
        ...[size - 1, size + 1].map((other) => rootOfInclusion(leaf, index, other, path)?.equals(defined.root(other))),
      ]
      expect(wrong.filter((held) => held === true)).toEqual([])
    }
})

test('a consistency proof holds between no other sizes, roots or paths', async () => {
  for (const to of sizes.slice(0, mostRefused))
    for (const from of sizes.slice(0, to + 1)) {
      const path = await consistencyPath(from, to, subtree)
      const [old, present] = [head(from), head(to)]
      const wrong = [
        consistencyHolds({ ...old, root: flipped(old.root) }, present, path),
        // The empty tree is the beginning of any.
        from > 0 && consistencyHolds(old, { ...present, root: flipped(present.root) }, path),
        from < to && consistencyHolds(present, old, path),
        consistencyHolds(old, present, [...path, present.root]),
        consistencyHolds(old, present, [old.root, ...path]),
        from > 0 && consistencyHolds({ ...old, size: from - 1 }, present, path),
        consistencyHolds({ ...old, size: from + 1 }, present, path),
        ...path.map((_, place) => consistencyHolds(old, present, path.toSpliced(place, 1))),
        ...path.map((hash, place) => consistencyHolds(old, present, path.with(place, flipped(hash)))),
      ]
      expect(wrong.filter((held) => held)).toEqual([])
    }
})

test('a path that is too long, or too short, leads nowhere', () => {
  const [a, b] = [leaves[0]!, leaves[1]!]
  expect(rootOfInclusion(a, 0, 1, [b])).toBeNull()
  expect(rootOfInclusion(a, 0, 2, [b, b])).toBeNull()
  expect(rootOfInclusion(a, 0, 2, [])).toBeNull()
})

test.each([
  [-1, 1],
  [0, 0],
  [1, 1],
  [0.5, 1],
  [Number.NaN, 1],
])('leaf %d of %d is none', (index, size) => {
  expect(rootOfInclusion(leaves[0]!, index, size, [])).toBeNull()
})

test.each([-1, 0.5, Number.NaN])('a tree of %d leaves is none', (size) => {
  const present = head(4)
  for (const path of [[], [leaves[0]!], [leaves[2]!, leaves[3]!]]) {
    expect(consistencyHolds({ size, root: present.root }, present, path)).toBe(false)
    expect(consistencyHolds(present, { size, root: present.root }, path)).toBe(false)
    expect(consistencyHolds({ size, root: present.root }, { size, root: present.root }, path)).toBe(false)
  }
})
