import { isSignatureOf, personOf, type Signed } from './officer.js'
import { RuleFault } from './ruleFault.js'
import { type Officer, type RuleState } from './ruleState.js'
import { type Kind, signedBytes, type StatementOf } from './statement.js'

/**
 * The officers who signed a statement, each of them one person with one key. Throws `RuleFault` where one signature does
 * not hold, is there twice, or is for another installation: nothing beside a good signature is passed over.
 */
export function signersOf<K extends Kind>(
  { installation, officers }: RuleState,
  kind: K,
  { statement, signatures }: { readonly statement: StatementOf<K>; readonly signatures: readonly Signed[] },
): readonly Officer[] {
  if (statement.installation !== installation) throw new RuleFault('other-installation')
  const bytes = signedBytes(kind, statement)
  const signers = signatures.map(({ by, signature }) => {
    const officer = officers.get(personOf(by))
    if (officer === undefined) throw new RuleFault('unknown-officer')
    if (!isSignatureOf(officer.publicKey, bytes, signature)) throw new RuleFault('bad-signature')
    return officer
  })
  if (new Set(signers).size < signers.length) throw new RuleFault('same-officer')
  return signers
}
