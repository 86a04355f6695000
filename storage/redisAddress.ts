/** Where a Redis is: one server, or some servers of a cluster, which name the others. */
export type RedisAddress = {
  readonly cluster: boolean
  readonly nodes: readonly { readonly host: string; readonly port: number }[]
  /** Of a server that is no cluster: it may name a database too. */
  readonly url: string
  readonly username: string | null
  readonly password: string | null
  readonly tls: boolean
}

const form = /^(rediss?)(\+cluster)?:\/\/(.+)$/
const defaultPort = 6379

/**
 * Reads `redis://HOST:PORT` (`rediss://` for TLS), or a cluster: `redis+cluster://HOST:PORT,HOST:PORT`, or several of
 * the first with commas between. User and password stand in the first and count for all. Null where it is none of these.
 */
export const readRedisAddress = (text: string): RedisAddress | null => {
  const [, scheme, cluster, rest] = form.exec(text) ?? []
  if (scheme === undefined || rest === undefined) return null
  const parts = rest.split(',').map((part) => `${scheme}://${part.trim().replace(/^rediss?(\+cluster)?:\/\//, '')}`)
  const urls = parts.flatMap((part) => (URL.canParse(part) ? [new URL(part)] : []))
  const [first] = urls
  if (first === undefined || urls.length < parts.length) return null
  if (!urls.every(({ hostname, pathname }) => hostname !== '' && /^\/?\d*$/.test(pathname))) return null
  const { username, password } = first
  return {
    cluster: cluster !== undefined || parts.length > 1,
    nodes: urls.map(({ hostname, port }) => ({
      host: hostname.replace(/^\[(.*)\]$/, '$1'),
      port: port === '' ? defaultPort : Number(port),
    })),
    url: first.href,
    username: username === '' ? null : decodeURIComponent(username),
    password: password === '' ? null : decodeURIComponent(password),
    tls: scheme === 'rediss',
  }
}

/** Hosts and ports: a password belongs in no message. */
export const wordsOfAddress = ({ nodes }: Pick<RedisAddress, 'nodes'>): string =>
  nodes.map(({ host, port }) => `${host}:${port}`).join(', ')
