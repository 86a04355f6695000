import { createServer, type RequestListener, type Server } from 'node:http'
import { type AddressInfo } from 'node:net'

export type Running = {
  readonly host: string
  /** The port that it listens on: the one asked for, or a free one for 0. */
  readonly port: number
  /** Takes no more connections, lets what is under way end, and cuts what has not ended after `graceMs`. */
  readonly close: (graceMs?: number) => Promise<void>
}

/** Longer than the 60 s after which common balancers let an idle connection go: they must be the first to. */
const keepAliveMs = 65_000

/** Serves until closed. Rejects with what to do where the port cannot be had. */
export async function listen(app: RequestListener, port: number, host = '127.0.0.1'): Promise<Running> {
  const server = createServer({ keepAliveTimeout: keepAliveMs, requestTimeout: 30_000 }, app)
  server.headersTimeout = keepAliveMs + 1000
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(refused(error, port, host)))
    server.listen(port, host, resolve)
  })
  return {
    host,
    port: (server.address() as AddressInfo).port,
    close: (graceMs = 10_000) => closed(server, graceMs),
  }
}

function closed(server: Server, graceMs: number): Promise<void> {
  return new Promise((resolve) => {
    // A connection that was busy becomes idle only later, and would be kept alive.
    const sweep = setInterval(() => server.closeIdleConnections(), 50)
    const cut = setTimeout(() => server.closeAllConnections(), graceMs)
    server.close(() => {
      clearInterval(sweep)
      clearTimeout(cut)
      resolve()
    })
    server.closeIdleConnections()
  })
}

function refused(error: NodeJS.ErrnoException, port: number, host: string): Error {
  const say = (message: string): Error => Object.assign(new Error(message, { cause: error }), { code: error.code })
  switch (error.code) {
    case 'EADDRINUSE':
      return say(`port ${port} is taken by another program: stop it, or choose another with --port`)
    case 'EACCES':
      return say(`port ${port} needs more rights than this user has: choose one above 1023 with --port`)
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return say(`"${host}" is no address of this machine: choose another with APTUS_HOST`)
    default:
      return say(`cannot listen on port ${port}: ${error.code ?? error.message}`)
  }
}
