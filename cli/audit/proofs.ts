import { writeFile } from 'node:fs/promises'
import { Command, InvalidArgumentError } from 'commander'
import { DecisionId } from '../../features/schema/ids.js'
import { withService } from '../open.js'
import { type Common, wholeNumber, withCommon } from '../options.js'
import { Failure, print, UsageError } from '../output.js'
import { idOf, type Options, withFirm } from './options.js'

async function checkpoint({ data, json }: Common): Promise<void> {
  const head = await withService(data, (service) => service.audit.checkpoint())
  print(json, head, () => head.checkpoint)
}

/** `X.tlog-proof` → `X.entry`. */
const entryFileOf = (proofFile: string): string => proofFile.replace(/\.tlog-proof$/, '.entry')

async function proof(text: string, { data, json, firm, out }: Options & { readonly out: string }): Promise<void> {
  const id = idOf(DecisionId, text, 'decision')
  const proven = await withService(data, (service) => service.audit.proof(firm, id))
  if (proven === null) throw new Failure(`no entry ${id} was recorded for firm ${firm}`)
  const entryFile = entryFileOf(out)
  await writeFile(out, proven.proof)
  await writeFile(entryFile, Buffer.from(proven.entry, 'base64'))
  print(
    json,
    { index: proven.index, proof: out, entry: entryFile },
    () => `entry ${proven.index} of the ledger: its bytes in ${entryFile}, the proof in ${out}`,
  )
}

async function consistency({ data, json, from, to }: Common & { from: number; to?: number }): Promise<void> {
  const proven = await withService(data, (service) => service.audit.consistency(from, to))
  if ('beyond' in proven) throw new UsageError(`--${proven.beyond}: want 0 to ${proven.size}`)
  print(json, proven, () =>
    [
      `the ledger of ${proven.to.size} entries begins with that of ${proven.from.size}`,
      `root at ${proven.from.size}: ${proven.from.root}`,
      `root at ${proven.to.size}: ${proven.to.root}`,
      ...proven.hashes.map((hash) => `  ${hash}`),
    ].join('\n'),
  )
}

const proofFile = (text: string): string => {
  if (text.endsWith('.tlog-proof')) return text
  throw new InvalidArgumentError('want a name that ends in .tlog-proof')
}

const entries = wholeNumber(0, Number.MAX_SAFE_INTEGER)

export const checkpointCommand = (): Command =>
  withCommon(
    new Command('checkpoint').description('signs the present ledger: keep it elsewhere, or have it witnessed'),
  ).action(checkpoint)

export const proofCommand = (): Command =>
  withFirm(
    new Command('proof')
      .argument('<decision>', 'its id, or that of a purchase check, an assessment or a change of class')
      .description('writes an entry’s bytes, and the proof that they stand in the ledger (C2SP tlog-proof)')
      .requiredOption('--out <file>', 'FILE.tlog-proof; the bytes go to FILE.entry beside it', proofFile),
  ).action(proof)

export const consistencyCommand = (): Command =>
  withCommon(
    new Command('consistency')
      .description('proves that the ledger of --to entries begins with that of --from (RFC 9162)')
      .requiredOption('--from <entries>', 'size of the older checkpoint', entries)
      .option('--to <entries>', 'size of the later one; default: the present ledger', entries),
  ).action(consistency)
