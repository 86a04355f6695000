import { DecisionId, FirmId, InvestorId } from '../features/schema/ids.js'
import { openRecord } from '../audit/record.js'
import { randomDecision } from './randomDecisions.js'

/**
 * Records decisions until it is killed, 16 at a time, and prints each id once its append has resolved: the child of
 * audit/killed.test.ts. Arguments: ledger folder, persons folder, number of the first decision, how many.
 */
const [ledgerDir = '', personsDir = '', first = '0', count = '0'] = process.argv.slice(2)
const record = await openRecord(ledgerDir, personsDir)
const end = Number(first) + Number(count)
let next = Number(first)

const write = async (): Promise<void> => {
  while (next < end) {
    const number = next++
    const { decision, investor, context } = randomDecision(number)
    const decisionId = DecisionId.parse(`d-${number}`)
    const whose = { firmId: FirmId.parse('default'), investorId: InvestorId.parse(`I${number % 97}`), decisionId }
    await record.append(decision, investor, { ...context, exclude: [...context.exclude] }, whose)
    process.stdout.write(`${decisionId}\n`)
  }
}
await Promise.all(Array.from({ length: 16 }, write))
await record.close()
