import { httpOver } from '../../tests/httpApp.js'
import { fitInvestor, realInstallation, startOfTest } from '../../tests/realService.js'

const path = '/v1/investors/i1'

test.each([
  ['profiling', { profiling: false, personalisation: true }],
  ['personalisation', { profiling: true, personalisation: false }],
] as const)(
  '%s: once the opt-out was acknowledged, no request that comes serves him as before',
  async (_, consents) => {
    const installation = await realInstallation()
    try {
      await installation.serve(async (service) => {
        const app = await httpOver(service, () => startOfTest)
        const { id: _id, ...fit } = fitInvestor('i1')
        const put = (agreed: object) =>
          app.ask('putInvestor', {
            path,
            body: {
              ...fit,
              riskAssessment: fit.riskAssessment && {
                ...fit.riskAssessment,
                assessedAt: new Date(fit.riskAssessment.assessedAt ?? 0).toISOString(),
              },
              assessments: [],
              consents: agreed,
            },
          })
        const kindOf = async (): Promise<string> => {
          const { status, json } = await app.ask('recommend', { body: { investorId: 'i1' } })
          return status === 200 ? (json as { kind: string }).kind : (json as { type: string }).type
        }
        const optedOut = consents.profiling ? 'non-personal' : '/problems/consent-missing'
        try {
          for (let round = 0; round < 5; round++) {
            expect((await put({ profiling: true, personalisation: true })).status).toBe(204)
            expect(await kindOf()).toBe('personal')
            // Requests run all the while: those that begin after the answer are bound by it, whatever was read before.
            let acknowledged = false
            const late: string[] = []
            const askOn = async (): Promise<void> => {
              while (late.length < 10) {
                const bound = acknowledged
                const kind = await kindOf()
                if (bound) late.push(kind)
              }
            }
            const asking = Promise.all([askOn(), askOn(), askOn()])
            expect((await put(consents)).status).toBe(204)
            acknowledged = true
            expect(await kindOf()).toBe(optedOut)
            await asking
            expect(new Set(late)).toEqual(new Set([optedOut]))
          }
        } finally {
          await app.close()
        }
      })
    } finally {
      await installation.destroy()
    }
  },
  60_000,
)
