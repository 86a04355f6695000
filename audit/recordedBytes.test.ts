import { LogError } from '../storage/logError.js'
import { randomDecision } from '../tests/randomDecisions.js'
import { DecisionId, FirmId } from '../features/schema/ids.js'
import { Commitment, entryOf, Pseudonym } from './entry.js'
import { partOf } from './inputs.js'
import { type Persons } from './persons.js'
import { PersonsError } from './personWriter.js'
import { openedParts } from './recordedBytes.js'

const commitment = Commitment.parse(`hmac-sha256:${'1'.repeat(64)}`)
const entry = entryOf(randomDecision(1).decision, {
  decisionId: DecisionId.parse('d-1'),
  firmId: FirmId.parse('default'),
  pseudonym: Pseudonym.parse('2'.repeat(32)),
  inputsCommitment: commitment,
  verdictCommitment: commitment,
  statementsCommitment: commitment,
})
const key = new Uint8Array(32)
const parts = { facts: Uint8Array.of(1) }

/** `keys`: what each look for the key finds. */
const opened = (keys: readonly (Uint8Array | null)[], found: Persons['partsOf']) => {
  const left = [...keys]
  return openedParts({ keyOf: () => Promise.resolve(left.shift() ?? null), partsOf: found }, entry)
}
const rejecting = (error: Error) => () => Promise.reject(error)

test('parts come with the key; of the erased nothing is looked for', async () => {
  expect(await opened([key], () => Promise.resolve(parts))).toEqual({ parts, key })
  expect(await opened([null], rejecting(new Error('looked for')))).toBe('erased')
})

test('who is erased while he is read is erased, and what is gone otherwise is lost', async () => {
  const none = () => Promise.resolve(null)
  expect(await opened([key, null], none)).toBe('erased')
  expect(await opened([key, key], none)).toEqual({
    lost: 'what entry d-1 sealed is lost; restore persons/ from a backup',
  })
})

test('damage is told, and a bug is no damage', async () => {
  for (const damage of [new PersonsError('damaged', 'changed'), new LogError('damaged', 'changed')])
    expect(await opened([key], rejecting(damage))).toEqual({ lost: 'changed' })
  const bug = new TypeError('a bug')
  await expect(opened([key], rejecting(bug))).rejects.toBe(bug)
})

test('a part that another type of entry would have is refused by its name', () =>
  expect(() => partOf(parts, 'inputs')).toThrow('sealed parts without "inputs": they are of another type of entry'))
