import { existsSync } from 'node:fs'
import { Command } from 'commander'
import { basename, join } from 'node:path'
import { writeBundle } from '../../audit/bundle.js'
import { logFolder } from '../../audit/ledger.js'
import { folders } from '../../serving/home.js'
import { type Common, withCommon } from '../options.js'
import { print, progress, UsageError } from '../output.js'

async function bundle(out: string, { data, json }: Common): Promise<void> {
  const dir = join(data, folders.ledger)
  if (!existsSync(join(dir, logFolder)))
    throw new UsageError('there is no ledger in the data directory; it is made with the first recommendation')
  if (existsSync(out)) throw new UsageError(`"${basename(out)}" exists: name a new folder`)
  const bar = progress()
  const bundled = await writeBundle(dir, out, (done, total) => bar.update('bytes copied', done, total)).finally(
    bar.stop,
  )
  print(
    json,
    bundled,
    () =>
      `${bundled.entries} entries in ${bundled.segments} segments, all of them signed, with the verifier and a README\n` +
      `tell the auditor this key by another way: ${bundled.vkey}`,
  )
}

export const bundleCommand = (): Command =>
  withCommon(
    new Command('bundle')
      .argument('<folder>', 'a new folder')
      .description('the ledger under a fresh checkpoint, and its verifier, to hand to an auditor'),
  ).action(bundle)
