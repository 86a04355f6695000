import { type Pack } from './pack.js'

/** Rules whose text was not read by us: a pack that has such says so wherever it is loaded or shown. */
export const uncertainRules = (pack: Pack): readonly string[] =>
  pack.rules
    .filter(({ confidence }) => confidence === 'summary' || confidence === 'recalled')
    .map(({ id, confidence }) => `${id} (${confidence})`)
