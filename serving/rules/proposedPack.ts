import { compositionOf } from '../../engine/suitability/composition.js'
import { type Pack } from '../../engine/suitability/pack.js'
import { PackError, extendPack, readPack } from '../../engine/suitability/readPack.js'
import { localDate } from '../../features/definitions/calendar.js'
import { type Digest } from '../../features/schema/ids.js'
import { type Proposal } from '../../audit/rules/statement.js'
import { inForceOn } from '../readiness.js'
import { type PackParts } from './ruleDocument.js'

/** Why a proposed pack is not taken. */
export class PackRefused extends Error {}

export type ReadParts = { readonly pack: Pack; readonly bytes: readonly Uint8Array[] }

/** The pack that is proposed with its bytes, all to be kept. Throws `PackRefused`. */
export function readParts({ own, base }: PackParts): ReadParts {
  const [ownBytes, baseBytes] = [own, base].map((text) =>
    text === null ? null : new Uint8Array(Buffer.from(text, 'base64')),
  )
  if (ownBytes == null) throw new PackRefused('the pack is absent')
  try {
    if (baseBytes == null) return { pack: readPack(ownBytes), bytes: [ownBytes] }
    const pack = extendPack(readPack(baseBytes, 'base'), ownBytes)
    if (pack.extended === null) throw new Error('a pack that extends another says so')
    return { pack, bytes: [baseBytes, ownBytes, new TextEncoder().encode(compositionOf(pack.extended))] }
  } catch (error) {
    if (error instanceof PackError) throw new PackRefused(error.message)
    throw error
  }
}

/**
 * `mayStandAlone`: digests of packs that judged all firms once, or are shipped. A firm's own pack is one of them, or adds
 * to one. Throws `PackRefused`.
 */
export function checkProposed(
  pack: Pack,
  { firmId, packDigest, from }: Proposal,
  mayStandAlone: ReadonlySet<Digest>,
): void {
  if (pack.digest !== packDigest)
    throw new PackRefused(`the pack that was sent has the digest ${pack.digest}, the signed one ${String(packDigest)}`)
  if (pack.mode === 'evaluation') throw new PackRefused(`${pack.id} is for offline evaluation alone`)
  if (!inForceOn(pack, localDate(from, pack.timeZone)))
    throw new PackRefused(
      `${pack.id} is not in force on the day from which it shall judge: see effectiveFrom, effectiveTo`,
    )
  if (pack.extended !== null && !mayStandAlone.has(pack.extended.base))
    throw new PackRefused('it extends a pack that neither judged all firms nor is shipped: extend one that does')
  if (pack.extended === null && firmId !== null && !mayStandAlone.has(pack.digest))
    throw new PackRefused(
      'a firm’s own pack extends another: write "extends: cn-2026", or another of packs/, at its head',
    )
}
