import { createServer } from 'node:http'
import { connect } from 'node:net'
import { listen } from './server.js'

const slow = (ms: number) => createServer((_, response) => void setTimeout(() => response.end('done'), ms))
const listenerOf = (ms: number) => slow(ms).listeners('request')[0] as Parameters<typeof listen>[0]

test('a taken port is told with what to do', async () => {
  const first = await listen(listenerOf(0), 0)
  await expect(listen(listenerOf(0), first.port)).rejects.toMatchObject({
    code: 'EADDRINUSE',
    message: `port ${first.port} is taken by another program: stop it, or choose another with --port`,
  })
  await first.close()
})

test('closing lets what is under way end, then refuses', async () => {
  const running = await listen(listenerOf(200), 0)
  const url = `http://127.0.0.1:${running.port}/`
  const underWay = fetch(url).then((response) => response.text())
  await new Promise((resolve) => setTimeout(resolve, 50))
  const from = performance.now()
  await running.close()
  expect(await underWay).toBe('done')
  expect(performance.now() - from).toBeLessThan(3000)
  await expect(fetch(url)).rejects.toThrow()
})

test('an idle connection does not hold the closing up, and a stuck one is cut after the grace', async () => {
  const running = await listen(() => undefined, 0)
  const idle = connect(running.port, '127.0.0.1')
  const stuck = fetch(`http://127.0.0.1:${running.port}/`).catch(() => 'cut')
  await new Promise((resolve) => setTimeout(resolve, 50))
  await running.close(200)
  expect(await stuck).toBe('cut')
  idle.destroy()
})
