import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { aptus, expectSentence, inFolder, isBuilt, jsonOf } from './aptus.js'

const suite = isBuilt('tests/system/questionnaire.test.ts') ? describe : describe.skip
const ours = join('questionnaires', 'aptus-1.yaml')

suite('questionnaires on the command line', () => {
  test('show tells what is served, and check accepts it', async () => {
    expect(await jsonOf(['questionnaire', 'show', 'aptus-1'])).toMatchObject([
      { version: 'aptus-1', questions: { length: 12 } },
    ])
    expect(await jsonOf(['questionnaire', 'check', ours])).toMatchObject({ version: 'aptus-1' })
    expect((await aptus(['questionnaire', 'show', 'none'])).code).toBe(2)
  }, 60_000)

  test(
    'a fault is told with its file, line and column, and so is a word that must not stand there',
    () =>
      inFolder(async (dir) => {
        const text = await readFile(ours, 'utf8')
        const lines = text.slice(0, text.indexOf('weight: 4')).split('\n').length
        const bad = join(dir, 'bad.yaml')
        await writeFile(bad, text.replace('weight: 4', 'weight: heavy'))
        const refused = await aptus(['questionnaire', 'check', bad])
        expect(refused.code).toBe(2)
        expect(refused.stderr).toMatch(`bad.yaml line ${lines}, column 13: questions.10.weight: got "heavy"`)
        expectSentence(refused, dir)
        await writeFile(bad, text.replace('en: sell all of it', 'en: hurry to sell all of it'))
        const worded = await aptus(['questionnaire', 'check', bad])
        expect([worded.code, worded.stderr]).toEqual([2, expect.stringContaining('"hurry" must not stand')])
      }),
    60_000,
  )
})
