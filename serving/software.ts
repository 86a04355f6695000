import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { type Software } from '../audit/activations.js'
import { commitOf } from './commit.js'

/** Beside the sources, or above dist/. */
const near = new URL('../package.json', import.meta.url)
const file = existsSync(near) ? near : new URL('../../package.json', import.meta.url)

const { version } = z.object({ version: z.string() }).parse(JSON.parse(readFileSync(file, 'utf8')))

/** What runs here. */
export const software: Software = { aptus: version, node: process.version }

/** Of the sources that run here; null where they lie in no repository. */
export const commit = (): string | null => commitOf(fileURLToPath(new URL('.', file)))
