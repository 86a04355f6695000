import { z } from 'zod'
import { type BacktestReport } from '../../audit/backtest/backtest.js'
import { enterReads } from '../../audit/backtest/examples.js'
import { type BacktestStanding } from '../../audit/backtest/jobs.js'
import { type Read } from '../../privacy/privacyService.js'
import { type Service } from '../../service.js'
import { answer, textAnswer } from '../answer.js'
import { BacktestAnswer } from '../backtestSchemas.js'
import { invalid } from '../invalid.js'
import { problem } from '../problems.js'
import { readBy } from '../recordedReads.js'
import { type Handlers } from '../route.js'

export function backtestRoutes({
  audit: { backtests },
  rules,
  privacy: { reads },
}: Service): Handlers<'startBacktest' | 'showBacktest' | 'backtestReport'> {
  const readExamples = (read: Read, { backtest: { examples } }: BacktestReport): Promise<void> =>
    enterReads(reads, read, examples)
  return {
    startBacktest: async ({ firmId, language, body: { pack, from = null, to = null } }) => {
      const candidate = await rules.candidate(firmId, pack)
      if ('why' in candidate) return invalid([{ in: 'body', pointer: '/pack', message: candidate.why }], language)
      const begun = backtests.start(candidate, { firmId, from, to })
      if (begun === 'under-way') return problem('backtest-under-way', language)
      const headers = { Location: `/v1/rules/backtests/${begun.id}` }
      return answer(202, z.encode(BacktestAnswer, shown(begun)), { headers })
    },
    showBacktest: async (asked) => {
      const found = backtests.find(asked.firmId, asked.path.id)
      if (found === null) return problem('unknown-backtest', asked.language)
      if (found.report !== null) await readExamples(readBy(asked, 'showBacktest'), found.report)
      return answer(200, z.encode(BacktestAnswer, shown(found)))
    },
    backtestReport: async (asked) => {
      const found = backtests.find(asked.firmId, asked.path.id)
      if (found === null) return problem('unknown-backtest', asked.language)
      if (found.report === null) return problem('backtest-under-way', asked.language)
      await readExamples(readBy(asked, 'backtestReport'), found.report)
      return textAnswer('text/html; charset=utf-8', found.report.page, {
        'Content-Security-Policy': "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'",
      })
    },
  }
}

const shown = ({ period: { from, to }, report, ...standing }: BacktestStanding): z.output<typeof BacktestAnswer> => ({
  ...standing,
  from,
  to,
  status: report === null ? 'under-way' : 'done',
  report: report?.digest ?? null,
  figures: report?.backtest ?? null,
})
