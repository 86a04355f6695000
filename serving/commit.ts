import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const isCommit = /^[0-9a-f]{40}$/

/** The commit that is checked out in a folder, read from its `.git`; null where there is none, as in an installed package. */
export function commitOf(folder: string): string | null {
  const read = (name: string): string => {
    const file = join(folder, '.git', name)
    return existsSync(file) ? readFileSync(file, 'utf8').trim() : ''
  }
  const head = read('HEAD')
  const ref = /^ref: (refs\/[\w./-]+)$/.exec(head)?.[1]
  const packed = read('packed-refs').split('\n')
  const found =
    ref === undefined ? head : read(ref) || (packed.find((line) => line.endsWith(` ${ref}`)) ?? '').slice(0, 40)
  return isCommit.test(found) ? found : null
}
