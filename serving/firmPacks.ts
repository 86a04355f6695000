import { existsSync, statSync } from 'node:fs'
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { FirmId } from '../features/schema/ids.js'

/** Which pack serves one firm: a name of packs/, or the path of a YAML file of the firm's own. */
export type FirmPack = { readonly firmId: FirmId; readonly source: string; readonly file: string }

export const packName = /^[a-z0-9-]{1,64}$/

/** Where the packs lie, seen from dist/serving/. */
export const packFile = (name: string): string => fileURLToPath(new URL(`../../packs/${name}.yaml`, import.meta.url))

/** `FIRM=PACK,FIRM=PACK` → the pack of each, or everything that is wrong with it in words. */
export function readFirmPacks(text: string): {
  readonly packs: readonly FirmPack[]
  readonly faults: readonly string[]
} {
  const packs: FirmPack[] = []
  const faults: string[] = []
  for (const pair of text.split(',').map((part) => part.trim())) {
    const read = readPair(pair)
    if (typeof read === 'string') faults.push(read)
    else if (packs.some(({ firmId }) => firmId === read.firmId)) faults.push(`the firm ${read.firmId} is there twice`)
    else packs.push(read)
  }
  return { packs, faults }
}

function readPair(pair: string): FirmPack | string {
  const [, firm = '', source = ''] = /^([^=]*)=(.+)$/.exec(pair) ?? []
  if (source === '')
    return `"${pair}": want FIRM=PACK, with the name of a pack of packs/ or the path of a YAML file of the firm's`
  const firmId = FirmId.safeParse(firm)
  if (!firmId.success) return `"${firm}" is no firm id: ${firmId.error.issues[0]?.message ?? ''}`
  const named = packName.test(source)
  const file = named ? packFile(source) : resolve(source)
  if (isFile(file)) return { firmId: firmId.data, source, file }
  return named
    ? `there is no pack "${source}"; packs/ holds those that there are, and a path ends in .yaml`
    : `there is no file "${source}"; a relative path counts from where the command is run`
}

const isFile = (path: string): boolean => existsSync(path) && statSync(path).isFile()
