import { existsSync } from 'node:fs'
import { Command } from 'commander'
import { join } from 'node:path'
import { logFolder } from '../../audit/ledger.js'
import { verifyLog } from '../../audit/verify.js'
import { folders } from '../../serving/home.js'
import { type Common, withCommon } from '../options.js'
import { Failure, print, progress, UsageError } from '../output.js'

async function verify({ data, json }: Common): Promise<void> {
  const dir = join(data, folders.ledger, logFolder)
  if (!existsSync(dir))
    throw new UsageError('there is no ledger in the data directory; it is made with the first recommendation')
  const bar = progress()
  const verification = await verifyLog(dir, (done, total) => bar.update('segments', done, total)).finally(bar.stop)
  print(
    json,
    verification,
    () => `${verification.entries} entries in ${verification.segments} segments hold; chain ${verification.head}`,
  )
  const [fault] = verification.faults
  if (fault !== undefined)
    throw new Failure(
      `the ledger is damaged: ${fault.segment} offset ${fault.offset}, entry ${fault.index}: ${fault.what}. Nothing was changed; restore the segment from a backup`,
    )
}

export const verifyCommand = (): Command =>
  withCommon(
    new Command('verify').description('checks every byte; exits 1 at the first fault, repairs nothing'),
  ).action(verify)
