import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { Command } from 'commander'
import { readPack } from '../engine/suitability/readPack.js'
import { type Pack } from '../engine/suitability/pack.js'
import { uncertainRules } from '../engine/suitability/uncertain.js'
import { packFile, readConfiguration } from '../serving/configuration.js'
import { type Common, withCommon } from './options.js'
import { print, UsageError } from './output.js'

async function packOf(file: string): Promise<Pack> {
  try {
    return readPack(await readFile(file), basename(file))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') throw new UsageError(`there is no file "${file}"`)
    throw error
  }
}

const shown = (pack: Pack) => ({
  id: pack.id,
  version: pack.version,
  digest: pack.digest,
  jurisdiction: pack.jurisdiction,
  mode: pack.mode,
  uncertain: uncertainRules(pack),
  rules: pack.rules.map(({ id, scope, effect, applies, permits, source, confidence, messages }) => ({
    id,
    scope,
    effect,
    appliesIf: applies?.text ?? null,
    blockUnless: permits.text,
    source,
    confidence,
    messages,
  })),
})

const inWords = (pack: Pack): string =>
  [
    `${pack.id} version ${pack.version}, ${pack.digest}: ${pack.rules.length} rules, no fault`,
    ...pack.rules.map(({ id, scope, source, messages }) => `  ${id} (${scope}): ${messages.en} [${source}]`),
    ...(uncertainRules(pack).length === 0 ? [] : [`uncertain, confirm before use: ${uncertainRules(pack).join(', ')}`]),
  ].join('\n')

export function rulesCommand(): Command {
  const rules = new Command('rules').description('rule packs')
  rules.addCommand(
    withCommon(
      new Command('check').argument('<file>', 'a pack in YAML').description('tells every fault with line and column'),
    ).action(async (file: string, { json }: Common) => {
      const pack = await packOf(file)
      print(json, shown(pack), () => inWords(pack))
    }),
  )
  rules.addCommand(
    withCommon(new Command('show').description('the pack that serves (APTUS_PACK)')).action(
      async ({ json }: Common) => {
        const pack = await packOf(packFile(readConfiguration(process.env).packName))
        print(json, shown(pack), () => inWords(pack))
      },
    ),
  )
  return rules
}
