import { writeFile } from 'node:fs/promises'
import { createHash } from 'node:crypto'
import { ProductId } from '../../../features/schema/ids.js'
import { httpOver } from '../../../tests/httpApp.js'
import {
  fitInvestor,
  fitProduct,
  type Installation,
  realInstallation,
  recommendTo,
  startOfTest,
} from '../../../tests/realService.js'
import { defaultFirm } from '../../investorKey.js'

let installation: Installation
beforeEach(async () => {
  installation = await realInstallation()
})
afterEach(() => installation.destroy())

const asked = (language: 'en' | 'zh-CN') => ({
  language,
  products: ['P1', 'P3', 'P4', 'P9'].map((id) => ProductId.parse(id)),
})

test('the page tells who, what, why, by which rules, and how to verify it, in both languages', () =>
  installation.serve(async (service, _home, record) => {
    await service.putInvestor(defaultFirm, fitInvestor('i1'))
    await service.putProduct(fitProduct('P3', { status: 'suspended' }))
    const rating = { ...fitProduct('P4').rating!, level: 'R5' as const }
    const name = { 'zh-CN': '<script>alert(1)</script>&"', en: null }
    await service.putProduct(fitProduct('P4', { rating }))
    await service.putProduct(fitProduct('P1', { name }))
    const given = await recommendTo(service, 'i1')
    if ('unknownInvestor' in given) throw new Error('want a decision')
    const id = given.decisionId
    const [en, zh] = [
      await service.audit.report(defaultFirm, id, asked('en')),
      await service.audit.report(defaultFirm, id, asked('zh-CN')),
    ]
    const found = await record.ledger.get(id)
    const leaf = createHash('sha256').update(Uint8Array.of(0)).update(found!.bytes).digest('hex')
    for (const page of [en!, zh!]) {
      for (const text of [
        id,
        leaf,
        given.decision.release,
        given.decision.packDigest,
        record.ledger.vkey,
        'CN-LIFE',
        'CN-MATCH',
        Buffer.from(found!.bytes).toString('base64'),
      ])
        expect([text, page.includes(text)]).toEqual([text, true])
      expect(page).not.toContain('<script')
      expect(page).toContain('&lt;script&gt;')
      expect(page).not.toMatch(/src=|href=|url\(|@import/)
      expect(page).not.toContain('undefined')
      // The firm's own id of him is no part of it.
      expect(page).not.toContain('>i1<')
    }
    expect(en).toContain('bit for bit')
    expect(en).toContain('every byte is as recorded')
    expect(zh).toContain('逐字节一致')
    expect(en).toContain('Of 5 products 2 were withheld')
    expect(en).toContain('withheld by CN-MATCH, CN-PUSH')
    expect(en).toContain('the catalogue of the decision had no such product')
    expect(zh).toContain('目录共5个产品，2个未获准推荐')
    expect(zh).toContain('lang="zh-CN"')
    const out = process.env['APTUS_REPORT_OUT']
    if (out !== undefined) await Promise.all([writeFile(`${out}-en.html`, en!), writeFile(`${out}-zh.html`, zh!)])
    expect(await service.audit.report(defaultFirm, 'd-none' as typeof id, asked('en'))).toBeNull()

    const http = await httpOver(service, () => startOfTest)
    try {
      const reply = await http.ask('decisionReport', {
        path: `/v1/decisions/${id}/report?products=P3,P4`,
        headers: { 'accept-language': 'en' },
      })
      expect([reply.status, reply.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8'])
      expect(reply.text).toContain('Report of a suitability decision')
      expect((await http.ask('decisionReport', { path: '/v1/decisions/d-none/report' })).status).toBe(404)
      expect((await http.ask('decisionReport', { path: `/v1/decisions/${id}/report?products=a%20b` })).status).toBe(422)
    } finally {
      await http.close()
    }

    await service.eraseInvestor(defaultFirm, fitInvestor('i1').id)
    const erased = await service.audit.report(defaultFirm, id, asked('en'))
    expect(erased).toContain('The investor was erased')
    expect(erased).toContain(leaf)
    expect(erased).toContain('not possible, for the investor was erased')
    expect(erased).not.toContain('as the rules saw him')
    expect(erased).not.toContain('bit for bit')
  }))

test('a refusal, too', () =>
  installation.serve(async (service) => {
    await service.putInvestor(defaultFirm, fitInvestor('i1', { consents: { profiling: false, personalisation: true } }))
    const given = await recommendTo(service, 'i1')
    const page = 'decisionId' in given ? await service.audit.report(defaultFirm, given.decisionId, asked('en')) : null
    expect(page).toContain('Refused: consent-missing (CN-CONSENT)')
  }))
