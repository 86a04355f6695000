import { uncertainRules } from '../../engine/suitability/uncertain.js'
import { type FirmId } from '../../features/schema/ids.js'
import { formatInstant } from '../../features/schema/time.js'
import { type Home } from '../../serving/home.js'
import { type Keys } from '../../serving/http/keys.js'
import { type Service } from '../../serving/service.js'

/** What a server says of its rules at its start, a line each. */
export async function rulesAnnounced({ rules }: Service, { packs: configured }: Home, keys: Keys): Promise<string[]> {
  const { packs } = await rules.inForce('installation')
  const served = [
    ...new Map(packs.flatMap(({ pack }) => (pack === null ? [] : [[pack.digest, pack] as const]))).values(),
  ]
  const lines = served.map((pack) => {
    const firms = packs.flatMap((each) => (each.pack?.digest === pack.digest ? [each.firmId] : []))
    const whose = firms.includes(null) ? '' : ` of ${firms.join(', ')}`
    const uncertain = uncertainRules(pack).join(', ') || 'nothing'
    return `rule pack ${pack.id} version ${pack.version}${whose}; to be confirmed before real use: ${uncertain}`
  })
  const coming = packs.flatMap(({ firmId, upcoming }) =>
    upcoming.map(({ from, packDigest }) => {
      const what = packDigest ?? 'no pack of its own'
      return `from ${formatInstant(from)} on, ${firmId === null ? 'for all firms' : `for ${firmId}`}: ${what}`
    }),
  )
  const keyed = new Set(keys.list().map(({ firmId }): FirmId => firmId))
  const withoutKey = configured.firms.filter((firmId) => !keyed.has(firmId))
  return [
    ...lines,
    ...coming,
    ...rules.kept(),
    ...withoutKey.map(
      (firmId) =>
        `APTUS_FIRM_PACKS: no key is for firm ${firmId}, so its pack judges nobody: make one with "aptus keys add --firm ${firmId}"`,
    ),
  ]
}
