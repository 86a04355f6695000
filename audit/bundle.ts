import { copyFile, mkdir, readdir, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { checkpointFile } from './checkpoints.js'
import { logFolder, openLedger } from './ledger.js'
import { vkeyFile } from './ledgerKey.js'

/** The verifier as it was built, beside this file. */
const verifierFile = fileURLToPath(new URL('./verify.js', import.meta.url))

export type Bundle = { readonly entries: number; readonly segments: number; readonly vkey: string }

const readme = (entries: number, vkey: string): string => `# A decision ledger of ${entries} entries

\`ledger/\` holds the entries, a signed checkpoint over all of them, and the verifier key. Nothing in it names an investor: what is about one stands under a pseudonym, or as a commitment. To verify it, with Node 20.12 or later and nothing else:

    node verify.mjs ledger --vkey KEY --checkpoint FILE

KEY: the verifier key, which you should have from the firm by another way than this folder. This folder says ${vkey}
FILE: the newest checkpoint that you have kept from earlier. Keep \`ledger/checkpoint\` for the next time.
Exit 0: every byte holds, and the ledger goes on from what you kept. Exit 1: it does not, and the words say where.
\`verify.mjs\` is a program of the firm's, a single file to read. The formats are public: RFC 9162, RFC 8949, C2SP.
`

/**
 * What an auditor takes home: a ledger's segments under a fresh checkpoint, its verifier key, and the verifier, in a new
 * folder. Holds the ledger meanwhile, so that nothing is appended. Throws as openLedger does, and where `out` exists.
 */
export async function writeBundle(
  ledgerDir: string,
  out: string,
  onProgress: (bytesDone: number, bytesTotal: number) => void,
  verifier = verifierFile,
): Promise<Bundle> {
  const ledger = await openLedger(ledgerDir)
  try {
    const { size } = await ledger.checkpoint()
    await mkdir(out)
    await mkdir(join(out, 'ledger', logFolder), { recursive: true })
    for (const name of [checkpointFile, vkeyFile]) await copyFile(join(ledgerDir, name), join(out, 'ledger', name))
    const log = join(ledgerDir, logFolder)
    const segments = (await readdir(log)).filter((name) => name.endsWith('.seg')).sort()
    const sizes = await Promise.all(segments.map(async (name) => (await stat(join(log, name))).size))
    const total = sizes.reduce((sum, bytes) => sum + bytes, 0)
    let done = 0
    for (const [place, name] of segments.entries()) {
      await copyFile(join(log, name), join(out, 'ledger', logFolder, name))
      onProgress((done += sizes[place] ?? 0), total)
    }
    await copyFile(verifier, join(out, 'verify.mjs'))
    await writeFile(join(out, 'README.md'), readme(size, ledger.vkey))
    return { entries: size, segments: segments.length, vkey: ledger.vkey }
  } finally {
    await ledger.close()
  }
}
