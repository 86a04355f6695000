import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { failure, type LogEntry } from './failures.js'
import { frameWithoutPaths } from './withoutPaths.js'

const root = resolve('.')

test.each([
  [`at decide (file://${root}/engine/decide.js:3:9)`, 'at decide (engine/decide.js:3:9)'],
  [`at ${root}/serving/http/app.ts:3:9`, 'at serving/http/app.ts:3:9'],
  ['at f (/a/b/node_modules/express/lib/x.js:1:2)', 'at f (node_modules/express/lib/x.js:1:2)'],
  ['at g (/elsewhere/of/mine/x.js:1:2)', 'at g (x.js:1:2)'],
  ['at process.processTicksAndRejections (node:internal/process/task_queues:95:5)', null],
])('a frame keeps what stands below the package: %s', (frame, short) => {
  expect(frameWithoutPaths(frame)).toBe(short ?? frame)
})

const logged = (error: unknown): LogEntry => {
  const entries: LogEntry[] = []
  failure(error, { route: '/x', language: 'en', personal: ['i-77'] }, (entry) => void entries.push(entry))
  return entries[0]!
}

test('neither a stack nor a message of the system tells where the program or its data lie', async () => {
  const missing = await readFile(resolve('absent-folder', 'manifest.json')).catch((error: unknown) => error)
  for (const error of [missing, new Error(`cannot read ${root}/x for i-77`)]) {
    const entry = logged(error)
    expect(JSON.stringify(entry)).not.toContain(root)
    expect(JSON.stringify(entry)).not.toContain('i-77')
    expect(entry.stack.length + entry.message.length).toBeGreaterThan(0)
  }
  expect(logged(missing).message).toBe('ENOENT at open of manifest.json')
})
