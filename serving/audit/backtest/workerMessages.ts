import { type Backtest } from '../../../audit/backtest/backtest.js'
import { type Decrypted } from '../../../audit/backtest/judging.js'
import { type Circumstances } from '../../../audit/backtest/openBacktest.js'
import { type Pack } from '../../../engine/suitability/pack.js'

/** What the worker is started with. */
export type Start = { readonly dir: string; readonly candidate: Pack }
export type Asked = { readonly batch: Packed } | { readonly circumstances: Circumstances }
export type Told = { readonly taken: true } | { readonly backtest: Backtest }

/** Decisions whose parts lie one after the other in one buffer, which is handed over rather than copied. */
export type Packed = {
  readonly decisions: readonly Omit<Decrypted, 'parts'>[]
  /** Where each decision's inputs and its verdict end: [2 n]. */
  readonly ends: Uint32Array
  readonly bytes: Uint8Array<ArrayBuffer>
}

export function pack(decisions: readonly Decrypted[]): Packed {
  const all = decisions.flatMap(({ parts: { inputs, verdict } }) => [inputs, verdict])
  const bytes = new Uint8Array(all.reduce((sum, { length }) => sum + length, 0))
  const ends = new Uint32Array(all.length)
  let end = 0
  all.forEach((part, place) => {
    bytes.set(part, end)
    ends[place] = end += part.length
  })
  return { decisions: decisions.map(({ entry, slate }) => ({ entry, slate })), ends, bytes }
}

export const unpack = ({ decisions, ends, bytes }: Packed): readonly Decrypted[] =>
  decisions.map((decision, place) => {
    const [from = 0, middle = 0, to = 0] = [ends[2 * place - 1], ends[2 * place], ends[2 * place + 1]]
    return { ...decision, parts: { inputs: bytes.subarray(from, middle), verdict: bytes.subarray(middle, to) } }
  })
