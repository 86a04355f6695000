import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { Command } from 'commander'
import { basename, join } from 'node:path'
import { enteredBefore, type EnteredBefore, entriesIn } from '../../audit/entered.js'
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
  const entered = verification.faults.length === 0 ? await enteredBefore(entriesIn(join(dir, logFolder))) : null
  print(json, { ...verification, entered }, () =>
    entered === null ? '' : [verificationInWords(verification).trimEnd(), enteredInWords(entered)].join('\n'),
  )
  if (verification.faults.length > 0)
    throw new Failure(
      `the ledger is damaged: ${verificationInWords(verification)}\nNothing was changed; docs/audit.md says what to do`,
    )
  const [first] = entered?.unentered ?? []
  if (first !== undefined)
    throw new Failure(
      `entry ${first.index} (${first.entryId}): its ${first.what} was not entered before it, or was not in force`,
    )
}

function enteredInWords({ judged, beforeFirst, unentered }: EnteredBefore): string {
  const older = beforeFirst === 0 ? '' : `; ${beforeFirst} stand before the first that was entered, by an older version`
  return unentered.length === 0
    ? `every decision's release, catalogue and rule pack were entered before it (${judged - beforeFirst} of ${judged}${older})`
    : `${unentered.length} entries name what was not entered before them, or not in force (of ${judged}${older})`
}

export const verifyCommand = (): Command =>
  withCommon(
    new Command('verify')
      .description('checks every byte, and what was signed; exits 1 at a fault, repairs nothing')
      .option('--vkey <key>', 'the verifier key that you trust, or a file that holds it')
      .option('--checkpoint <file...>', 'checkpoints that you have kept elsewhere', []),
  ).action(verify)
