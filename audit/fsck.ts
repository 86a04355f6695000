import { existsSync } from 'node:fs'
import { open, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { LogError } from '../storage/logError.js'
import { lockDirectory } from '../storage/processLock.js'
import { countSegments, readSegment, segmentName } from '../storage/segmentDisk.js'
import { genesis, leafHash, readHead } from '../storage/segmentFormat.js'
import { hasMarkerAfter, type Position, scanSegment } from '../storage/segmentScan.js'
import { type SignedCheckpoint } from './checkpoint.js'
import { checkpointFile, readCheckpoint } from './checkpoints.js'
import { decodeEntry, entryIdOf } from './entry.js'
import { indexFolder, logFolder, openLedger } from './ledger.js'
import { LedgerError } from './ledgerError.js'
import { openLedgerIndex } from './ledgerIndex.js'
import { openLedgerKey, readVkey } from './ledgerKey.js'
import { frontierFrom } from './merkle/frontier.js'
import { type Hash, hashLength } from './merkle/hashing.js'
import { hashesFile, treeFolder } from './merkleTree.js'

/** Made from the segments: what disagrees with them can be made anew. */
const derived = ['index', 'tree'] as const
type Derived = (typeof derived)[number]

export type FsckFinding = { readonly part: 'segments' | 'checkpoint' | 'key' | Derived; readonly what: string }

export type Fsck = {
  readonly segments: number
  readonly entries: number
  /** Bytes behind the last commit marker, which the next opening cuts off and keeps. */
  readonly tornBytes: number
  /** Entries that a derived store has not taken in: the next opening adds them. */
  readonly behind: { readonly [part in Derived]: number }
  /** Size of the newest checkpoint; null where none was given out. */
  readonly checkpoint: number | null
  readonly findings: readonly FsckFinding[]
  /** What was made anew. */
  readonly rebuilt: readonly Derived[]
}

type Told = (part: FsckFinding['part'], what: string) => void

/** One that compares entries as they are read, a segment at a time. */
type Comparison = {
  readonly entry: (index: number, body: Buffer, leaf: Hash) => void
  readonly segmentEnd: () => Promise<void>
  /** Given how many entries there are; resolves to how many it lacks. */
  readonly end: (entries: number) => Promise<number>
}

const compareIndex = async (dir: string, tell: Told): Promise<Comparison> => {
  const index = existsSync(join(dir, indexFolder)) ? await openLedgerIndex(join(dir, indexFolder)) : null
  const latest = new Map<string, number>()
  let first: number | null = null
  return {
    entry: (place, body) => {
      if (index === null || place >= index.stored) return
      const entry = decodeEntry(body)
      latest.set(entry.type, place)
      if (index.find(entryIdOf(entry)) !== place) first ??= place
    },
    segmentEnd: () => Promise.resolve(),
    end: async (entries) => {
      const stored = index?.stored ?? 0
      // Of entries that are lost it may know newer ones.
      if (stored <= entries) for (const [type, place] of latest) if (index?.latest(type) !== place) first ??= place
      if (first !== null) tell('index', `it does not lead to entry ${first}`)
      if (stored > entries)
        tell('segments', `they hold ${entries} entries, and ledger/index knows of ${stored}: answered entries are lost`)
      await index?.close()
      return Math.max(0, entries - stored)
    },
  }
}

const compareTree = async (dir: string, tell: Told): Promise<Comparison> => {
  const path = join(dir, treeFolder, hashesFile)
  const file = existsSync(path) ? await open(path, 'r') : null
  const stored = file === null ? 0 : Math.floor((await file.stat()).size / hashLength)
  const frontier = frontierFrom(0, [])
  let [compared, within, differs] = [0, 0, false]
  let hashes: Hash[] = []
  return {
    entry: (_place, _body, leaf) => {
      frontier.add(leaf, (hash) => hashes.push(hash))
      if (compared + hashes.length <= stored) within = frontier.size()
    },
    segmentEnd: async () => {
      const made = Buffer.concat(hashes).subarray(0, Math.max(0, stored - compared) * hashLength)
      const found = Buffer.alloc(made.length)
      await file?.read(found, 0, made.length, compared * hashLength)
      differs ||= !found.equals(made)
      compared += hashes.length
      hashes = []
    },
    end: async (entries) => {
      if (differs) tell('tree', 'its hashes are not those of the entries')
      await file?.close()
      return entries - within
    },
  }
}

/** The checkpoint's root must be that of as many entries. */
const compareCheckpoint = (checkpoint: SignedCheckpoint | null, tell: Told): Comparison => {
  const frontier = frontierFrom(0, [])
  return {
    entry: (place, _body, leaf) => {
      if (checkpoint !== null && place < checkpoint.size) frontier.add(leaf)
    },
    segmentEnd: () => Promise.resolve(),
    end: (entries) => {
      const { size, root } = checkpoint ?? { size: 0, root: frontier.root() }
      if (size > entries) tell('segments', `they hold ${entries} entries, and a checkpoint of ${size} was signed`)
      else if (!frontier.root().equals(root))
        tell('segments', `the first ${size} entries are not those over which ledger/${checkpointFile} was signed`)
      return Promise.resolve(0)
    },
  }
}

/** What a check of one part refuses, as a finding. */
const refused = async <T>(part: FsckFinding['part'], tell: Told, work: Promise<T>): Promise<T | null> => {
  try {
    return await work
  } catch (error) {
    if (!(error instanceof LogError || error instanceof LedgerError)) throw error
    tell(error instanceof LedgerError ? 'key' : part, error.message)
    return null
  }
}

/** Reads every record of every segment, hash chain and all. */
const readSegments = async (
  dir: string,
  comparisons: readonly Comparison[],
  tell: Told,
  onSegment: (done: number, total: number) => void,
) => {
  const segments = (await refused('segments', tell, countSegments(dir))) ?? 0
  let at: Position = { count: 0, chain: genesis }
  let tornBytes = 0
  for (let number = 1; number <= segments; number++) {
    const bytes = await readSegment(dir, number)
    const scan = scanSegment(bytes, number, at)
    scan.offsets.forEach((offset, place) => {
      const head = readHead(bytes, offset)
      const body = bytes.subarray(head?.bodyStart, head?.end)
      for (const { entry } of comparisons) entry(at.count + place, body, leafHash(body))
    })
    for (const { segmentEnd } of comparisons) await segmentEnd()
    at = scan.committed
    onSegment(number, segments)
    if (scan.fault === null && bytes.length === scan.markerEnd) continue
    const { offset, what } = scan.fault ?? { offset: scan.markerEnd, what: 'bytes after the last commit marker' }
    if (number < segments || scan.markerEnd === 0 || hasMarkerAfter(bytes, offset)) {
      tell('segments', `${segmentName(number)} offset ${offset}: ${what}; restore it from a backup`)
      break
    }
    tornBytes = bytes.length - scan.markerEnd
  }
  return { segments, entries: at.count, tornBytes }
}

/**
 * Whether segments, index, tree, checkpoint and key of a ledger agree: all bytes are read. With `rebuild`, an index or a
 * tree that disagrees is made anew where all else holds; segments, checkpoint and key are never changed. Throws LogError
 * `held` where another process has the ledger.
 */
export const fsck = async (
  dir: string,
  { rebuild = false, onSegment = () => undefined }: { rebuild?: boolean; onSegment?: (n: number, of: number) => void },
): Promise<Fsck> => {
  const findings: FsckFinding[] = []
  const tell: Told = (part, what) => void findings.push({ part, what })
  const unlock = await lockDirectory(join(dir, logFolder))
  const checked = await (async () => {
    const checkpoint = await refused('checkpoint', tell, readCheckpoint(dir))
    if ((await refused('key', tell, readVkey(dir))) !== null) await refused('key', tell, openLedgerKey(dir))
    const [index, tree] = [await compareIndex(dir, tell), await compareTree(dir, tell)]
    const head = compareCheckpoint(checkpoint, tell)
    const read = await readSegments(join(dir, logFolder), [index, tree, head], tell, onSegment)
    const behind = { index: await index.end(read.entries), tree: await tree.end(read.entries) }
    await head.end(read.entries)
    return { ...read, behind, checkpoint: checkpoint?.size ?? null }
  })().finally(unlock)
  const wrong = derived.filter((part) => findings.some((finding) => finding.part === part))
  const rebuilt = rebuild && findings.every(({ part }) => wrong.some((each) => each === part)) ? wrong : []
  for (const part of rebuilt) await rm(join(dir, part), { recursive: true })
  if (rebuilt.length > 0) await (await openLedger(dir)).close()
  return { ...checked, findings, rebuilt }
}
