import { spawn } from 'node:child_process'
import { resolve } from 'node:path'
import { isBuilt } from './aptus.js'

const suite = isBuilt('tests/system/closedPipe.test.ts') ? describe : describe.skip

suite('a reader that has gone', () => {
  test('ends a command without a trace', async () => {
    const child = spawn(process.execPath, [resolve('dist/cli/main.js'), 'rules', 'show', '--json'], {
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    child.stdout.destroy()
    let said = ''
    child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text))
    const code = await new Promise((ended) => child.on('close', ended))
    expect([code, said]).toEqual([0, ''])
  })
})
