import { readFile } from 'node:fs/promises'
import { replaceFile } from './replaceFile.js'

/** A small text that only the server's own user may read. */
export type PrivateFile = {
  /** Null where there is none. */
  readonly read: () => Promise<string | null>
  /** The old text or the new one is found after a crash, never a part; durable when resolved. */
  readonly replace: (text: string) => Promise<void>
}

/** A file of mode 0600 from its first byte on, written aside and renamed. The directory must exist. */
export const privateFile = (path: string): PrivateFile => ({
  read: async () => {
    try {
      return await readFile(path, 'utf8')
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
      throw error
    }
  },
  replace: (text) => replaceFile(path, text, 0o600),
})
