import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { Command } from 'commander'
import { basename, join } from 'node:path'
import { logFolder } from '../../audit/ledger.js'
import { isVkey, verificationInWords, verifyLedger } from '../../audit/verify.js'
import { folders } from '../../serving/home.js'
import { type Common, withCommon } from '../options.js'
import { Failure, print, progress, UsageError } from '../output.js'

type Options = Common & { readonly vkey?: string; readonly checkpoint: readonly string[] }

const fileOf = (path: string): Promise<Buffer> =>
  readFile(path).catch((error: NodeJS.ErrnoException) => {
    throw new UsageError(`${basename(path)} cannot be read (${error.code ?? 'unknown error'})`)
  })

async function verify({ data, json, vkey, checkpoint }: Options): Promise<void> {
  const dir = join(data, folders.ledger)
  if (!existsSync(join(dir, logFolder)))
    throw new UsageError('there is no ledger in the data directory; it is made with the first recommendation')
  const trusted = {
    vkey: vkey === undefined || isVkey(vkey) ? vkey : (await fileOf(vkey)).toString('utf8'),
    checkpoints: await Promise.all(
      checkpoint.map(async (path) => ({ name: basename(path), bytes: await fileOf(path) })),
    ),
  }
  const bar = progress()
  const verification = await verifyLedger(dir, trusted, (done, total) =>
    bar.update('bytes of the ledger', done, total),
  ).finally(bar.stop)
  print(json, verification, () => (verification.faults.length === 0 ? verificationInWords(verification) : ''))
  if (verification.faults.length > 0)
    throw new Failure(
      `the ledger is damaged: ${verificationInWords(verification)}\nNothing was changed; docs/audit.md says what to do`,
    )
}

export const verifyCommand = (): Command =>
  withCommon(
    new Command('verify')
      .description('checks every byte, and what was signed; exits 1 at a fault, repairs nothing')
      .option('--vkey <key>', 'the verifier key that you trust, or a file that holds it')
      .option('--checkpoint <file...>', 'checkpoints that you have kept elsewhere', []),
  ).action(verify)
