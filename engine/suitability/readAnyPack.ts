import { readYaml } from '../locatedYaml.js'
import { FirmPackText, type Pack } from './pack.js'
import { extendPack, packKind, readPack } from './readPack.js'

const extendsField = /^(?:\s*\{)?\s*["']?extends["']?\s*:/m

/**
 * A pack, or a firm's own rules over the pack that they extend; `baseNamed` finds that by its id, or gives null. Throws
 * `PackError` for every fault, and where there is no such pack.
 */
export function readAnyPack(bytes: Uint8Array, baseNamed: (id: string) => Pack | null, file = 'pack'): Pack {
  if (!extendsField.test(new TextDecoder().decode(bytes))) return readPack(bytes, file)
  const { value, where, fail } = readYaml(bytes, FirmPackText, file, packKind)
  const base = baseNamed(value.extends)
  if (base !== null) return extendPack(base, bytes, file)
  return fail([{ ...where(['extends']), message: `there is no pack ${value.extends} in packs/; name one that is` }])
}
