import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { Command } from 'commander'
import { type Pack } from '../engine/suitability/pack.js'
import { manualPages } from '../engine/suitability/manual/madeParts.js'
import { packPage } from '../engine/suitability/manual/packPage.js'
import { packFile, readConfiguration } from '../serving/configuration.js'
import { loadPack } from '../serving/packs.js'
import { type Common, withCommon } from './options.js'
import { print, UsageError } from './output.js'

type Options = Common & { readonly write?: string }
const packsDir = dirname(packFile('cn-2026'))

/** `aptus rules docs`: a pack in words, for a risk officer. */
export const rulesDocsCommand = (): Command =>
  withCommon(
    new Command('docs')
      .argument('[file]', 'a pack, or a firm’s own over one; default: the pack that serves (APTUS_PACK)')
      .description('every rule in words, as Markdown'),
  )
    .option('--write <dir>', 'instead: makes docs/rules.md and the page of each pack anew, in this folder')
    .action(async (file: string | undefined, { json, write }: Options) => {
      if (write !== undefined) return writePages(write, json)
      const { pack } = await loaded(file ?? packFile(readConfiguration(process.env).packName))
      print(json, { pack: pack.id, digest: pack.digest, page: packPage(pack) }, () => packPage(pack))
    })

async function loaded(file: string): Promise<{ readonly pack: Pack }> {
  try {
    return await loadPack(file, packsDir)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') throw new UsageError(`there is no file "${file}"`)
    throw error
  }
}

async function writePages(dir: string, json: boolean): Promise<void> {
  const names = (await readdir(packsDir)).filter((name) => name.endsWith('.yaml')).sort()
  const packs = await Promise.all(names.map(async (name) => (await loaded(join(packsDir, name))).pack))
  const firmExample = await readFile(join(packsDir, '../examples/firm-pack/firm.yaml'), 'utf8')
  const rulesPage = await readFile(join(dir, 'rules.md'), 'utf8').catch((cause: unknown) => {
    throw new UsageError(`"${dir}" holds no rules.md: name the project's docs/`, { cause })
  })
  const pages = manualPages({ packs, firmExample, rulesPage })
  await mkdir(join(dir, 'rules'), { recursive: true })
  for (const [path, text] of pages) await writeFile(join(dir, path), text)
  print(json, [...pages.keys()], () => [...pages.keys()].join('\n'))
}
