import { Command, Option } from 'commander'
import { DecisionId, type FirmId } from '../../features/schema/ids.js'
import { type Difference, type Replayed } from '../../audit/replay.js'
import { startOfDay } from '../../features/definitions/calendar.js'
import { dateOfDayNumber, dayNumber, type Instant, LocalDate } from '../../features/schema/time.js'
import { type ReplayCounts } from '../../serving/audit/replay/replayMany.js'
import { threadsFor } from '../../serving/audit/replay/replayer.js'
import { type Home } from '../../serving/home.js'
import { withService } from '../open.js'
import { instant, wholeNumber } from '../options.js'
import { Failure, print, progress, UsageError } from '../output.js'
import { idOf, type Options, withFirm } from './options.js'
import { readBy } from '../operator.js'

type ReplayOptions = Options & {
  readonly strict: boolean
  readonly from?: Instant
  readonly to?: Instant
  readonly day?: string
  readonly threads?: number
}

/** Exit 1 where anything differs or cannot be compared; an erased person's decisions are neither. */
async function replay(decision: string | undefined, options: ReplayOptions): Promise<void> {
  const { from, to, day } = options
  const isPeriod = from !== undefined || to !== undefined || day !== undefined
  if ((decision === undefined) !== isPeriod || (day !== undefined && (from ?? to) !== undefined))
    throw new UsageError('want a decision, or --day, or --from and --to')
  if (decision === undefined) await replayPeriod(options)
  else await replayOne(idOf(DecisionId, decision, 'decision'), options)
}

async function replayOne(id: DecisionId, { data, json, firm, strict }: ReplayOptions): Promise<void> {
  const found = await withService(data, async (service) => {
    const replay = await service.audit.replay(firm, id, { strict })
    if (replay?.replayed.result === 'differs') await service.privacy.reads.ofEntry(readBy(firm, 'audit replay'), id)
    return replay
  })
  if (found === null) throw new Failure(`no decision ${id} was recorded for firm ${firm}`)
  const { ledgerIndex, replayed } = found
  print(json, found, () => `${id}, entry ${ledgerIndex} of the ledger: ${inWords(replayed)}`)
  if (replayed.result === 'differs') throw new Failure(`decision ${id} is not what was recorded`)
  if (replayed.result === 'unavailable') throw new Failure(`decision ${id} cannot be replayed: ${replayed.detail}`)
}

async function replayPeriod({ data, json, firm, strict, threads, ...named }: ReplayOptions): Promise<void> {
  const bar = progress()
  const began = performance.now()
  const { counts, used } = await withService(data, async (service, home) => {
    const period = { firmId: firm, ...periodOf(named, firm, home) }
    const used = threads ?? threadsFor()
    const told = (done: number, total: number): void => bar.update('entries', done, total)
    const counts = await service.audit.replayMany(period, { strict, threads: used, told })
    for (const { decisionId, replayed } of counts.notSame)
      if (replayed.result === 'differs') await service.privacy.reads.ofEntry(readBy(firm, 'audit replay'), decisionId)
    return { counts, used }
  }).finally(bar.stop)
  const seconds = Math.round((performance.now() - began) / 100) / 10
  print(json, { ...counts, threads: used, seconds }, () => countsInWords(counts, seconds))
  const { differs, unavailable } = counts
  if (differs + unavailable > 0)
    throw new Failure(`${differs} decisions differ from what was recorded, and ${unavailable} cannot be replayed`)
}

/** A day is one of the calendar of the firm's pack. */
function periodOf({ from, to, day }: Pick<ReplayOptions, 'from' | 'to' | 'day'>, firm: FirmId, home: Home) {
  if (day === undefined) return { from: from ?? null, to: to ?? null }
  const date = LocalDate.safeParse(day)
  if (!date.success) throw new UsageError(`"${day}": want a day such as 2026-05-08`)
  const { timeZone } = home.packs.of(firm)
  return {
    from: startOfDay(date.data, timeZone),
    to: startOfDay(dateOfDayNumber(dayNumber(date.data) + 1), timeZone),
  }
}

function inWords(replayed: Replayed): string {
  if (replayed.result === 'erased') return 'erased with its person; the entry stands and verifies'
  if (replayed.result === 'unavailable') return `unavailable: ${replayed.missing}: ${replayed.detail}`
  if (replayed.result === 'same') return `the same, every byte${searchInWords[replayed.search]}`
  const { count, differences } = replayed
  return [`differs in ${count} values${searchInWords[replayed.search]}`, ...differences.map(differenceInWords)].join(
    '\n',
  )
}

const searchInWords = {
  same: '',
  differs: '; the search, made again, nominates others, which is no fault: its graphs walk otherwise here',
  'as-recorded': '; what HNSW nominated was taken from the record: --strict searches again',
} as const

const differenceInWords = ({ path, recorded, replayed }: Difference): string =>
  `  ${path}: recorded ${JSON.stringify(recorded)}, again ${JSON.stringify(replayed)}`

const countsInWords = (
  { decisions, same, differs, erased, unavailable, search, notSame }: ReplayCounts,
  seconds: number,
): string =>
  [
    `${decisions} decisions replayed in ${seconds} s: ${same} the same, ${differs} differ, ${erased} erased, ${unavailable} unavailable`,
    ...(search.differs > 0 ? [`of the same, ${search.differs} searches nominate others here: no fault`] : []),
    ...notSame.map(({ decisionId, replayed }) => `${decisionId}: ${inWords(replayed)}`),
  ].join('\n')

export const replayCommand = (): Command =>
  withFirm(
    new Command('replay')
      .argument('[decision]', 'its id; or name a period')
      .description('decides recorded decisions again and compares every byte; exits 1 unless all are the same')
      .option('--strict', 'repeats the search by HNSW too; a difference there is told, and is no failure', false)
      .option('--from <iso>', 'all decisions from then on', instant)
      .option('--to <iso>', 'all decisions before then', instant)
      .option('--day <day>', "all decisions of a day, such as 2026-05-08, of the pack's calendar")
      .addOption(
        new Option(
          '--threads <n>',
          'of a period; as many as there are cores where it is left out; 0: none beside this one',
        ).argParser(wholeNumber(0, 64)),
      ),
  ).action(replay)
