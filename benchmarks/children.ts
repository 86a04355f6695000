import { spawn } from 'node:child_process'

/** What a script of Node.js prints, run in a process of its own, so that its memory is its own. Rejects where it fails. */
export const nodeOutput = (args: readonly string[]): Promise<string> =>
  new Promise((done, failed) => {
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
    let out = ''
    child.stdout.on('data', (text: Buffer) => (out += text.toString()))
    child.on('close', (code) => (code === 0 ? done(out) : failed(new Error(`${args[0] ?? ''} ended with ${code}`))))
  })
