import { createHash, randomBytes } from 'node:crypto'
import { z } from 'zod'
import { FirmId } from '../../features/schema/ids.js'
import { defaultFirm } from '../investorKey.js'
import { type PrivateFile, privateFile } from '../../storage/privateFile.js'

/** What a key may be used for: the app that shows slates, the catalogue's keeper, the risk officer, the data scientist. */
export const scopes = ['app', 'catalogue', 'risk', 'science'] as const
export const Scope = z.enum(scopes)
export type Scope = z.infer<typeof Scope>

const KeyEntry = z.strictObject({
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  scopes: z.array(Scope).min(1),
  firmId: FirmId,
})
const KeyFile = z.strictObject({ format: z.literal('aptus-keys/1'), keys: z.array(KeyEntry) })

/** Whose a key is, and what for. */
export type Access = { readonly firmId: FirmId; readonly scopes: ReadonlySet<Scope>; readonly mark: string }
export type NewKey = { readonly scope: Scope; readonly key: string }
/** A key as it can be shown later: `mark` is the beginning of its hash, which tells keys apart and gives none away. */
export type ShownKey = { readonly firmId: FirmId; readonly scopes: readonly Scope[]; readonly mark: string }

export type Keys = {
  /** What a key stands for; null for one that is not known. Takes the same time whichever it is: see below. */
  readonly find: (key: string) => Access | null
  /** Makes a key; it is told here once, and only its hash is kept. */
  readonly add: (scope: Scope, firmId: FirmId) => Promise<string>
  /** Makes the key of a mark useless; false where none has it. */
  readonly revoke: (mark: string) => Promise<boolean>
  /** Takes up what others changed in the file since. Rejects where it cannot be read, and what was known stays. */
  readonly refresh: () => Promise<void>
  /** All keys, in the order in which they were made. */
  readonly list: () => readonly ShownKey[]
  /** Where no key exists yet, one a scope for the firm `default`; otherwise none. */
  readonly ensureDefaultKeys: () => Promise<readonly NewKey[]>
}

/**
 * 256 random bits need no salt and no slow hash. The lookup compares hashes: how far a guess's hash agrees with a kept
 * one tells nothing about the key, so its time gives nothing away.
 */
const hashOf = (key: string): string => createHash('sha256').update(key).digest('hex')

/** `aptus_SCOPE_` and 43 characters of base64url. */
const randomKey = (scope: Scope): string => `aptus_${scope}_${randomBytes(32).toString('base64url')}`

const markOf = ({ sha256 }: Entries[number]): string => sha256.slice(0, 8)

/**
 * Opens the keys of a file, or none where it is absent; throws where it cannot be read as keys. Several processes may
 * have it open; of those that change it, the caller lets one at a time.
 */
export async function createKeys(file: string | PrivateFile): Promise<Keys> {
  const kept = typeof file === 'string' ? privateFile(file) : file
  let entries = parse(await kept.read())
  let accessOf = index(entries)

  let last: Promise<void> = Promise.resolve()
  const inTurn = (work: () => Promise<void>): Promise<void> => {
    const turn = last.then(work)
    last = turn.catch(() => undefined)
    return turn
  }
  /** Each writer puts the whole file: all its keys are kept, or none. */
  const rewrite = (change: (entries: Entries) => Entries): Promise<void> =>
    inTurn(async () => {
      const next = change(entries)
      await kept.replace(`${JSON.stringify({ format: 'aptus-keys/1', keys: next }, null, 2)}\n`)
      entries = next
      accessOf = index(next)
    })

  const append = async (wanted: readonly Scope[], firmId: FirmId): Promise<readonly NewKey[]> => {
    const made = wanted.map((scope) => ({ scope, key: randomKey(scope) }))
    const added = made.map(({ scope, key }) => ({ sha256: hashOf(key), scopes: [scope], firmId }))
    await rewrite((known) => [...known, ...added])
    return made
  }

  return {
    find: (key) => accessOf.get(hashOf(key)) ?? null,
    add: async (scope, firmId) => (await append([scope], firmId))[0]?.key ?? '',
    revoke: async (mark) => {
      if (!entries.some((entry) => markOf(entry) === mark)) return false
      await rewrite((known) => known.filter((entry) => markOf(entry) !== mark))
      return true
    },
    refresh: () =>
      inTurn(async () => {
        entries = parse(await kept.read())
        accessOf = index(entries)
      }),
    list: () => entries.map((entry) => ({ firmId: entry.firmId, scopes: entry.scopes, mark: markOf(entry) })),
    ensureDefaultKeys: () => (entries.length > 0 ? Promise.resolve([]) : append(scopes, defaultFirm)),
  }
}

type Entries = z.infer<typeof KeyFile>['keys']

function parse(text: string | null): Entries {
  if (text === null) return []
  try {
    return KeyFile.parse(JSON.parse(text)).keys
  } catch (error) {
    throw new Error('the key file is damaged; restore it, or remove it to have new keys made at the next start', {
      cause: error,
    })
  }
}

const index = (entries: Entries): ReadonlyMap<string, Access> =>
  new Map(
    entries.map((entry) => [
      entry.sha256,
      { firmId: entry.firmId, scopes: new Set(entry.scopes), mark: markOf(entry) },
    ]),
  )
