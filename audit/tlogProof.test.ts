import { generateKeyPairSync } from 'node:crypto'
import { checkpointOf, inclusionOf, leafOf, rootOf, vkeyOf } from '../tests/forgedLedger.js'
import { systemEntry } from '../tests/systemEntries.js'
import { encodeEntry } from './entry.js'
import { tlogProofOf } from './tlogProof.js'
import { verifyProof } from './verify.js'

test('a proof is written as c2sp.org/tlog-proof says, and the verifier reads it', () => {
  const signer = { name: 'aptus.invalid/ledger/0', ...generateKeyPairSync('ed25519') }
  const entries = Array.from({ length: 5 }, (_, number) => Buffer.from(encodeEntry(systemEntry(number))))
  const leaves = entries.map(leafOf)
  const note = checkpointOf(signer, 5, rootOf(leaves)).toString('utf8')
  const path = inclusionOf(2, leaves)
  const proof = tlogProofOf({ index: 2, path }, note)
  const hashes = path.map((hash) => `${hash.toString('base64')}\n`).join('')
  expect(proof).toBe(`c2sp.org/tlog-proof@v1\nindex 2\n${hashes}\n${note}`)
  const found = verifyProof(Buffer.from(proof), entries[2] ?? Buffer.of(), vkeyOf(signer))
  expect(found).toEqual({ entryId: 'number-2', index: 2, size: 5 })
})
