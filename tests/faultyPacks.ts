import { readFileSync } from 'node:fs'
import { type Pack } from '../engine/suitability/pack.js'
import { PackError } from '../engine/suitability/readPack.js'

/** A small pack and rules of a firm over cn-2026, both in order: what faulty ones are made of. */
export const packInOrder = readFileSync('tests/malformedPacks/00-in-order.yaml', 'utf8')
export const firmInOrder = readFileSync('tests/malformedPacks/00-firm-in-order.yaml', 'utf8')

export const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text)

export type Change = readonly [from: string, to: string]

/** Throws where there is nothing to change. */
export function changed(text: string, changes: readonly Change[]): string {
  return changes.reduce((before, [from, to]) => {
    if (!before.includes(from)) throw new Error(`the pack does not hold ${from}`)
    return before.replace(from, to)
  }, text)
}

/** A rule of `packInOrder` as it stands there. */
export function ruleText(id: string): string {
  const found = new RegExp(`  - id: ${id}\\n(?:(?!  - id: ).*\\n)*`).exec(packInOrder)
  if (found === null) throw new Error(`there is no rule ${id}`)
  return found[0]
}

/** The faults of a text, each with what stands at its place. */
export function faultsOf(text: string, read: (of: Uint8Array) => Pack): readonly string[] {
  try {
    read(bytesOf(text))
    return []
  } catch (error) {
    if (!(error instanceof PackError)) throw error
    const lines = text.split('\n')
    return error.faults.map(({ line, column, message }) => {
      const [stands] = lines[line - 1]?.slice(column - 1).split(/[\s,]/) ?? []
      return `${stands ?? ''} – ${message}`
    })
  }
}
