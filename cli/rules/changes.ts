import { existsSync, readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { Command } from 'commander'
import { z } from 'zod'
import { type Approval, type Proposal, proposalDigest } from '../../audit/rules/statement.js'
import { type Pack } from '../../engine/suitability/pack.js'
import { readAnyPack } from '../../engine/suitability/readAnyPack.js'
import { readPack } from '../../engine/suitability/readPack.js'
import { Digest } from '../../features/schema/ids.js'
import { formatInstant, type Instant } from '../../features/schema/time.js'
import { packFile } from '../../serving/configuration.js'
import { RuleProposalsAnswer, RulesInForceAnswer } from '../../serving/http/ruleSchemas.js'
import { type InForceShown, type ProposalShown } from '../../serving/http/rulesShown.js'
import { type PackParts } from '../../serving/rules/ruleDocument.js'
import { instant } from '../options.js'
import { Failure, print, UsageError } from '../output.js'
import { diffInWords } from '../packWords.js'
import { atDesk, type DeskOptions, withDesk } from './desk.js'
import { finish, readDocument, signedToo, type Signing, signersOf, soleSignerOf, withSigning } from './signing.js'

type Proposing = Signing & { readonly from: Instant; readonly reason: string; readonly base?: string }
type Rolling = Omit<Proposing, 'base'> & { readonly to: string }
type Approving = Signing & { readonly report?: string; readonly withoutBacktest?: string }
type Withdrawing = Signing & { readonly reason: string }

const withChange = (command: Command): Command =>
  withSigning(withDesk(command))
    .requiredOption('--from <instant>', 'from when it judges, ahead of now', instant)
    .requiredOption('--reason <text>', 'why; no personal data')

export const changeCommands = (): readonly Command[] => [
  withChange(new Command('propose').argument('<file>', 'a pack, or a firm’s rules over one, in YAML'))
    .description('proposes a pack: one officer signs, and another approves it')
    .option('--base <file>', 'the pack that a firm’s rules extend; default: the shipped one')
    .action(proposePack),
  withChange(new Command('rollback').description('proposes an earlier pack again, by its digest'))
    .requiredOption('--to <digest>', 'the pack, or "none": a firm’s own pack ends')
    .action(rollback),
  withSigning(withDesk(new Command('approve').argument('<digest>', 'of the proposal')))
    .description('another officer than who proposed it puts it in force from its instant on')
    .option('--report <digest>', 'of the back-test that he read ("aptus audit backtest")')
    .option('--without-backtest <reason>', 'why he needs none')
    .action(approve),
  withSigning(withDesk(new Command('withdraw').argument('<digest>', 'of the proposal')))
    .description('takes back what waits for approval; what was approved and is not in force takes two officers')
    .requiredOption('--reason <text>', 'why; no personal data')
    .action(withdraw),
  withDesk(new Command('proposals').description('every proposal, what it changes, and what became of it')).action(list),
  withDesk(new Command('in-force').description('the packs in force, and what is scheduled')).action(inForce),
  withSigning(withDesk(new Command('sign').argument('<file>', 'as --out wrote it')))
    .description('adds an officer’s signature to a signed change')
    .action(sign),
  withDesk(
    new Command('submit').argument('<file>', 'as --out wrote it').description('hands a signed change in'),
  ).action(submit),
]

async function proposePack(file: string, options: Proposing): Promise<void> {
  const { pack, parts } = await packOf(file, options.base)
  await propose(options, pack.digest, parts)
}

async function packOf(
  file: string,
  baseFile: string | undefined,
): Promise<{ readonly pack: Pack; readonly parts: PackParts }> {
  const own = await bytesOf(file)
  const given = baseFile === undefined ? null : await bytesOf(baseFile)
  let base: Buffer | null = null
  const pack = readAnyPack(
    own,
    (id) => {
      base = given ?? (existsSync(packFile(id)) ? readFileSync(packFile(id)) : null)
      return base === null ? null : readPack(base, `${id}.yaml`)
    },
    basename(file),
  )
  return { pack, parts: { own: base64(own), base: base === null ? null : base64(base) } }
}

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64')
const bytesOf = (file: string): Promise<Buffer> =>
  readFile(file).catch((error: NodeJS.ErrnoException) => {
    throw new UsageError(`"${basename(file)}" cannot be read (${error.code ?? 'unknown error'})`)
  })

async function rollback({ to, ...options }: Rolling): Promise<void> {
  const digest = to === 'none' ? null : digestIn(to)
  if (digest === null && options.firm === undefined) throw new UsageError('"none" is for a firm: name it with --firm')
  await propose(options, digest, null)
}

async function propose(options: Proposing, packDigest: Digest | null, pack: PackParts | null): Promise<void> {
  const { from, reason, firm: firmId = null } = options
  const { digest, words } = await atDesk(options, async (desk) => {
    const state = await desk.inForce()
    const signer = await soleSignerOf(options.key, state)
    const { installation } = state
    const replaces = packAtIn(state, firmId, from)
    const statement: Proposal = { installation, firmId, packDigest, from, replaces, reason, by: signer.by }
    const document = signedToo({ type: 'rule-proposal', statement, signatures: [], pack }, signer)
    const digest = proposalDigest(statement)
    const done = `proposed as ${digest}, in force from ${formatInstant(from)} once another officer approves it`
    return { digest, words: await finish(desk, document, options, done) }
  })
  print(options.json, { proposal: digest, done: words }, () => words)
}

/** The pack that is in force for a firm at an instant, by what is in force and scheduled now. */
function packAtIn({ packs }: InForceShown, firmId: string | null, at: Instant): Digest {
  const [common, ...own] = packs
  const changeAt = (entry: InForceShown['packs'][number] | undefined): Digest | null => {
    const change = entry?.upcoming.findLast(({ from }) => from <= at)
    return change === undefined ? (entry?.pack?.digest ?? null) : change.packDigest
  }
  const found = (firmId === null ? null : changeAt(own.find((entry) => entry.firmId === firmId))) ?? changeAt(common)
  if (found === null) throw new UsageError('no pack is in force: the data directory was never served')
  return found
}

function digestIn(text: string): Digest {
  const digest = Digest.safeParse(text)
  if (digest.success) return digest.data
  throw new UsageError(`"${text}": ${digest.error.issues[0]?.message ?? 'no digest'}`)
}

function found(proposals: readonly ProposalShown[], text: string): ProposalShown {
  const digest = digestIn(text)
  const proposal = proposals.find((each) => each.digest === digest)
  if (proposal === undefined) throw new UsageError(`there is no proposal ${digest}: "aptus rules proposals" lists them`)
  if (proposalDigest(proposal.statement) !== digest)
    throw new Failure(`what is shown as proposal ${digest} has another digest: sign nothing that comes from there`)
  return proposal
}

async function approve(text: string, { report, withoutBacktest, ...options }: Approving): Promise<void> {
  if ((report === undefined) === (withoutBacktest === undefined))
    throw new UsageError('give --report DIGEST of the back-test that you read, or --without-backtest REASON')
  const backtest: Approval['backtest'] =
    report === undefined ? { omittedBecause: withoutBacktest ?? '' } : { report: digestIn(report) }
  const words = await atDesk(options, async (desk) => {
    const { digest, statement } = found(await desk.proposals(), text)
    const signer = await soleSignerOf(options.key, await desk.inForce())
    const { installation, firmId, packDigest, from } = statement
    const approval = { installation, proposal: digest, firmId, packDigest, from, backtest, by: signer.by }
    const document = signedToo({ type: 'rule-approval' as const, statement: approval, signatures: [] }, signer)
    return finish(desk, document, options, `approved: in force from ${formatInstant(from)} on`)
  })
  print(options.json, { done: words }, () => words)
}

async function withdraw(text: string, { reason, ...options }: Withdrawing): Promise<void> {
  const words = await atDesk(options, async (desk) => {
    const { digest, statement } = found(await desk.proposals(), text)
    const withdrawal = { installation: statement.installation, proposal: digest, reason }
    const document = (await signersOf(options.key, await desk.inForce())).reduce(signedToo, {
      type: 'rule-withdrawal' as const,
      statement: withdrawal,
      signatures: [],
    })
    return finish(desk, document, options, 'withdrawn')
  })
  print(options.json, { done: words }, () => words)
}

async function sign(file: string, options: Signing): Promise<void> {
  const document = await readDocument(file)
  const words = await atDesk(options, async (desk) => {
    const signer = await soleSignerOf(options.key, await desk.inForce())
    return finish(desk, signedToo(document, signer), { ...options, out: options.out ?? file }, '')
  })
  print(options.json, { done: words }, () => words)
}

async function submit(file: string, options: DeskOptions): Promise<void> {
  const document = await readDocument(file)
  await atDesk(options, (desk) => desk.hand(document))
  print(options.json, { done: 'taken' }, () => 'taken')
}

async function list(options: DeskOptions): Promise<void> {
  const proposals = await atDesk(options, (desk) => desk.proposals())
  const shown = proposals.filter(({ statement }) => options.firm === undefined || statement.firmId === options.firm)
  print(options.json, z.encode(RuleProposalsAnswer, { items: shown }).items, () => shown.map(inWords).join('\n'))
}

function inWords({ digest, status, statement, pack, replaced, diff, approval }: ProposalShown): string {
  const { firmId, from, reason, by } = statement
  const name = pack === null ? 'no pack of its own' : `${pack.id} version ${pack.version}`
  return [
    `${digest}  ${status}`,
    `${firmId === null ? 'all firms' : `firm ${firmId}`}, from ${formatInstant(from)}, proposed by ${by}: ${reason}`,
    ...(approval === null ? [] : [`approved by ${approval.statement.by} at ${formatInstant(approval.at)}`]),
    diffInWords(diff, `${replaced.id} version ${replaced.version}`, name),
  ].join('\n  ')
}

async function inForce(options: DeskOptions): Promise<void> {
  const state = await atDesk(options, (desk) => desk.inForce())
  print(options.json, z.encode(RulesInForceAnswer, state), () =>
    state.packs
      .map(({ firmId, pack, since, upcoming }) => {
        const name = pack === null ? 'none of its own' : `${pack.id} version ${pack.version}, ${pack.digest}`
        const from = since === null ? '' : `, since ${formatInstant(since)}`
        const coming = upcoming.map(
          (next) => `\n  from ${formatInstant(next.from)}: ${next.packDigest ?? 'none of its own'}`,
        )
        return `${firmId ?? 'all firms'}: ${name}${from}${coming.join('')}`
      })
      .join('\n'),
  )
}
