import { basename } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Where the program's own files lie: dist/, or the repository where tests run its sources. */
const root = fileURLToPath(new URL('../../', import.meta.url))

/** `file:///…/dist/serving/x.js:3:9` → `serving/x.js:3:9`; of a package what stands below node_modules; else the name. */
function shortened(path: string): string {
  const inPackage = path.lastIndexOf('/node_modules/')
  if (inPackage !== -1) return path.slice(inPackage + 1)
  return path.startsWith(root) ? path.slice(root.length) : basename(path)
}

/** A frame of a stack without this machine's folders. */
export const frameWithoutPaths = (frame: string): string =>
  frame.replace(/(^|[\s(])(?:file:\/\/)?(\/[^\s()]+)/g, (_, before: string, path: string) => before + shortened(path))

/** What was thrown, in words without this machine's folders: the system's own messages hold whole paths. */
export function messageWithoutPaths(thrown: {
  readonly message?: unknown
  readonly code?: unknown
  readonly syscall?: unknown
  readonly path?: unknown
}): string {
  const { message, code, syscall, path } = thrown
  if (typeof code === 'string' && typeof syscall === 'string')
    return `${code} at ${syscall}${typeof path === 'string' ? ` of ${basename(path)}` : ''}`
  return typeof message === 'string' ? message.replaceAll(root, '') : ''
}
