import { readFile, writeFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { type Command } from 'commander'
import { z } from 'zod'
import { type OfficerName, type Signed } from '../../audit/rules/officer.js'
import { signStatement } from '../../audit/rules/statement.js'
import { RuleDocument } from '../../serving/rules/ruleDocument.js'
import { type InForceShown } from '../../serving/http/rulesShown.js'
import { UsageError } from '../output.js'
import { type Desk, type DeskOptions } from './desk.js'
import { readPrivateKey, textOf } from './keyFiles.js'
import { type KeyObject } from 'node:crypto'

export type Signing = DeskOptions & { readonly key: readonly string[]; readonly out?: string }

export const withSigning = (command: Command): Command =>
  command
    .option('--key <file...>', 'private key of the officer who signs; it is read here and goes nowhere', [])
    .option('--out <file>', 'writes what was signed to a file instead of handing it in')

export type Signer = { readonly by: OfficerName; readonly key: KeyObject }

/** Officers by their private keys. Rejects where a key is no registered officer's. */
export async function signersOf(files: readonly string[], { officers }: InForceShown): Promise<readonly Signer[]> {
  const signers: Signer[] = []
  for (const file of files) {
    const key = await readPrivateKey(file)
    const officer = officers.find(({ publicKey }) => publicKey === textOf(key, file))
    if (officer === undefined)
      throw new UsageError(`"${basename(file)}" is the key of no registered officer: "aptus rules officers list"`)
    signers.push({ by: officer.name, key })
  }
  return signers
}

export async function soleSignerOf(files: readonly string[], inForce: InForceShown): Promise<Signer> {
  const [signer, other] = await signersOf(files, inForce)
  if (signer === undefined || other !== undefined) throw new UsageError('one --key: one officer signs')
  return signer
}

/** A document with one more signature. */
export function signedToo<D extends RuleDocument>(document: D, signer: Signer): D {
  const signed = ((): Signed => {
    switch (document.type) {
      case 'rule-proposal':
        return signStatement(document.type, document.statement, signer)
      case 'rule-approval':
        return signStatement(document.type, document.statement, signer)
      case 'rule-withdrawal':
        return signStatement(document.type, document.statement, signer)
      case 'officers-change':
        return signStatement(document.type, document.statement, signer)
    }
  })()
  return { ...document, signatures: [...document.signatures, signed] }
}

/** Hands a document in, or writes it to the file of --out; in words what was done. */
export async function finish(desk: Desk, document: RuleDocument, { out }: Signing, done: string): Promise<string> {
  if (out === undefined) {
    await desk.hand(document)
    return done
  }
  await writeFile(out, `${JSON.stringify(z.encode(RuleDocument, document), null, 2)}\n`)
  return `signed, in ${out}; "aptus rules sign" adds another signature, "aptus rules submit" hands it in`
}

export async function readDocument(file: string): Promise<RuleDocument> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new UsageError(`"${basename(file)}" cannot be read (${error.code ?? 'unknown error'})`)
  })
  const document = RuleDocument.safeParse(jsonIn(text))
  if (!document.success) throw new UsageError(`"${basename(file)}" is no signed change of rules, as --out writes it`)
  return document.data
}

/** Undefined where the text is no JSON. */
function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}
