import { existsSync, readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { Command } from 'commander'
import { type Pack } from '../engine/suitability/pack.js'
import { diffOf } from '../engine/suitability/packDiff.js'
import { readAnyPack } from '../engine/suitability/readAnyPack.js'
import { readPack } from '../engine/suitability/readPack.js'
import { packFile, readConfiguration } from '../serving/configuration.js'
import { type Common, withCommon } from './options.js'
import { print, UsageError } from './output.js'
import { diffInWords, packInWords, shownPack } from './packWords.js'
import { rematchCommand } from './rematch.js'
import { changeCommands } from './rules/changes.js'
import { keyCommand, officersCommand } from './rules/officers.js'
import { rulesDocsCommand } from './rulesDocs.js'

/** The pack of a file, or a firm's rules over the one of packs/ that they extend. */
async function packOf(file: string): Promise<Pack> {
  try {
    return readAnyPack(await readFile(file), shipped, basename(file))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') throw new UsageError(`there is no file "${file}"`)
    throw error
  }
}

function shipped(id: string): Pack | null {
  const file = packFile(id)
  return existsSync(file) ? readPack(readFileSync(file), basename(file)) : null
}

const nameOf = ({ id, version }: Pack): string => `${id} version ${version}`

export function rulesCommand(): Command {
  const rules = new Command('rules').description('rule packs')
  rules.addCommand(
    withCommon(
      new Command('check')
        .argument('<file>', 'a pack, or a firm’s rules over one, in YAML')
        .description('tells every fault with line and column'),
    ).action(async (file: string, { json }: Common) => {
      const pack = await packOf(file)
      print(json, shownPack(pack), () => packInWords(pack))
    }),
  )
  rules.addCommand(
    withCommon(new Command('show').description('the pack that serves (APTUS_PACK)')).action(
      async ({ json }: Common) => {
        const pack = await packOf(packFile(readConfiguration(process.env).packName))
        print(json, shownPack(pack), () => packInWords(pack))
      },
    ),
  )
  rules.addCommand(
    withCommon(
      new Command('diff')
        .argument('<from>', 'a pack in YAML')
        .argument('<to>', 'another, or another version of it')
        .description('rules, steps, standards and terms that were added, removed or changed'),
    ).action(async (from: string, to: string, { json }: Common) => {
      const [before, after] = [await packOf(from), await packOf(to)]
      const diff = diffOf(before, after)
      const value = { from: before.digest, to: after.digest, ...diff }
      print(json, value, () => diffInWords(diff, nameOf(before), nameOf(after)))
    }),
  )
  rules.addCommand(keyCommand()).addCommand(officersCommand())
  for (const command of changeCommands()) rules.addCommand(command)
  return rules.addCommand(rematchCommand()).addCommand(rulesDocsCommand())
}
