import fc from 'fast-check'
import { FirmId } from '../../features/schema/ids.js'
import {
  type Act,
  adding,
  after,
  approvalOf,
  changingOfficers,
  configured,
  digest,
  entryAfter,
  named,
  person,
  type Person,
  proposalOn,
  signedBy,
  withOfficers,
} from '../../tests/officers.js'
import { RuleFault, type RuleFaultCode } from './ruleFault.js'
import { afterRule, noRules, type RuleState } from './ruleState.js'
import { packAt } from './schedule.js'
import { type Proposal, proposalDigest } from './statement.js'

const [li, wang, zhao] = [person('Li Na'), person('Wang Wei'), person('Zhao')]
const firm = FirmId.parse('firm-b')
const two = withOfficers(li, wang)
const three = withOfficers(li, wang, zhao)

const proposing = (proposal: Proposal, ...by: readonly Person[]) => signedBy('rule-proposal', proposal, ...by)
const approving = (approval: ReturnType<typeof approvalOf>, ...by: readonly Person[]) =>
  signedBy('rule-approval', approval, ...by)
const withdrawing = (proposal: Proposal, ...by: readonly Person[]) => {
  const { installation } = proposal
  return signedBy('rule-withdrawal', { installation, proposal: proposalDigest(proposal), reason: 'an error' }, ...by)
}
const digestAt = (state: RuleState, at: number, firmId: FirmId | null = null) => packAt(state.schedules, firmId, at)

function refused(state: RuleState, act: Act, code: RuleFaultCode): void {
  expect(() => afterRule(state, entryAfter(state, act))).toThrow(new RuleFault(code))
}

/** Pack `b` from 5000 on, proposed by Li at 2000. */
const change = proposalOn(two, li, { packDigest: digest('b'), from: 5000 })
const proposed = after(two, [2000, 'rule-proposal', proposing(change, li)])
const approved = after(proposed, [3000, 'rule-approval', approving(approvalOf(change, wang), wang)])

test('proposed by one, approved by another: in force from the instant on, and not before', () => {
  expect([digestAt(proposed, 9000), digestAt(approved, 4999), digestAt(approved, 5000)]).toEqual(
    ['a', 'a', 'b'].map(digest),
  )
  // Before anything was recorded the first pack counts.
  expect(digestAt(approved, 0)).toBe(digest('a'))
  expect(approved.proposals.get(proposalDigest(change))?.approved?.approval.by).toBe('Wang Wei')
})

test('rolled back the same way', () => {
  const back = proposalOn(approved, wang, { packDigest: digest('a'), from: 8000 })
  const state = after(
    approved,
    [6000, 'rule-proposal', proposing(back, wang)],
    [7000, 'rule-approval', approving(approvalOf(back, li), li)],
  )
  expect([7999, 8000].map((at) => digestAt(state, at))).toEqual([digest('b'), digest('a')])
  expect(state.proposals.get(proposalDigest(back))).toEqual({
    ...{ digest: proposalDigest(back), proposal: back, key: wang.publicKey, proposedAt: 6000, withdrawn: null },
    approved: { approval: approvalOf(back, li), at: 7000 },
  })
})

describe('one person is not two', () => {
  const mine = approvalOf(change, li)
  test.each<[string, object, RuleFaultCode]>([
    ['the proposer himself', approving(mine, li), 'same-officer'],
    ['the proposer, as another officer', approving(approvalOf(change, wang), named(li, wang.by)), 'bad-signature'],
    [
      'the proposer, his name in other letters',
      approving({ ...mine, by: 'LI  NA' }, named(li, 'LI  NA')),
      'same-officer',
    ],
    [
      'the proposer, his name in wide letters',
      approving({ ...mine, by: 'Ｌi Na' }, named(li, 'Ｌi Na')),
      'same-officer',
    ],
    ['signed by another than it names', approving(mine, wang), 'bad-signature'],
    ['twice the same', approving(approvalOf(change, wang), wang, wang), 'same-officer'],
    ['both', approving(approvalOf(change, wang), wang, li), 'bad-signature'],
    ['nobody', approving(approvalOf(change, wang)), 'bad-signature'],
    ['somebody', approving(approvalOf(change, zhao), zhao), 'unknown-officer'],
  ])('%s', (_, fields, code) => refused(proposed, [3000, 'rule-approval', fields], code))

  test('a key is an officer once and for all, and a name while it is registered', () => {
    refused(three, [2000, 'officers-change', adding(three, named(li, 'Another'), li, wang)], 'officer-known')
    refused(three, [2000, 'officers-change', adding(three, person('LI na'), li, wang)], 'officer-known')
    const gone = after(three, [2000, 'officers-change', removing(three, zhao, li, wang)])
    refused(gone, [2001, 'officers-change', adding(gone, named(zhao, 'Another'), li, wang)], 'officer-known')
    refused(gone, [2001, 'officers-change', adding(gone, zhao, li, wang)], 'officer-known')
  })

  test('nobody makes himself two: from the second officer on it takes two to change them', () => {
    const fresh = person('Fresh')
    for (const signers of [[], [li], [wang]])
      refused(two, [2000, 'officers-change', adding(two, fresh, ...signers)], 'more-officers')
    refused(two, [2000, 'officers-change', adding(two, fresh, li, li)], 'same-officer')
    refused(two, [2000, 'officers-change', adding(two, fresh, li, fresh)], 'unknown-officer')
    expect(after(two, [2000, 'officers-change', adding(two, fresh, li, wang)]).officers.size).toBe(3)
  })
})

const removing = (state: RuleState, { by: name, publicKey }: Person, ...signers: readonly Person[]) =>
  changingOfficers(state, { act: 'remove', name, publicKey }, ...signers)

describe('an approval is of this change alone', () => {
  const other = proposalOn(two, li, { packDigest: digest('c'), from: 5000 })
  const both = after(proposed, [2001, 'rule-proposal', proposing(other, li)])
  const good = approving(approvalOf(change, wang), wang)
  test.each<[string, object, RuleFaultCode]>([
    ['a signature over another proposal', { ...good, statement: approvalOf(other, wang) }, 'bad-signature'],
    ['another pack', approving(approvalOf(change, wang, { packDigest: digest('c') }), wang), 'not-as-proposed'],
    ['another instant', approving(approvalOf(change, wang, { from: 5001 }), wang), 'not-as-proposed'],
    ['another firm', approving(approvalOf(change, wang, { firmId: firm }), wang), 'not-as-proposed'],
    ['an instant changed after signing', { ...good, statement: { ...good.statement, from: 5001 } }, 'bad-signature'],
    [
      'a back-test changed after signing',
      { ...good, statement: { ...good.statement, backtest: { report: digest('d') } } },
      'bad-signature',
    ],
    [
      'another installation',
      approving(approvalOf(change, wang, { installation: digest('e') }), wang),
      'other-installation',
    ],
    [
      'a proposal that is none',
      approving(approvalOf(change, wang, { proposal: digest('f') }), wang),
      'unknown-proposal',
    ],
    [
      'the signature of a proposal',
      { statement: approvalOf(change, wang), signatures: proposing({ ...change, by: wang.by }, wang).signatures },
      'bad-signature',
    ],
  ])('%s', (_, fields, code) => refused(both, [3000, 'rule-approval', fields], code))

  test('at its instant, or after it, is too late', () => {
    for (const at of [5000, 5001]) refused(proposed, [at, 'rule-approval', good], 'too-late')
    expect(digestAt(after(proposed, [4999, 'rule-approval', good]), 5000)).toBe(digest('b'))
  })

  test('a replay, in its time or after a withdrawal, does nothing', () => {
    refused(approved, [3001, 'rule-approval', good], 'proposal-closed')
    const withdrawn = after(proposed, [2500, 'rule-withdrawal', withdrawing(change, wang)])
    refused(withdrawn, [3000, 'rule-approval', good], 'proposal-closed')
    refused(withdrawn, [3000, 'rule-proposal', proposing(change, li)], 'proposal-known')
  })

  test('of two for one instant one is approved, whichever comes first', () => {
    const first = after(both, [3000, 'rule-approval', good])
    refused(first, [3001, 'rule-approval', approving(approvalOf(other, wang), wang)], 'not-last')
    const second = after(both, [3000, 'rule-approval', approving(approvalOf(other, wang), wang)])
    expect([digestAt(first, 5000), digestAt(second, 5000)]).toEqual([digest('b'), digest('c')])
  })

  test('what it replaces must still be what is replaced', () => {
    const later = proposalOn(two, li, { packDigest: digest('c'), from: 6000 })
    const state = after(both, [2002, 'rule-proposal', proposing(later, li)], [3000, 'rule-approval', good])
    refused(state, [3001, 'rule-approval', approving(approvalOf(later, wang), wang)], 'replaces-other')
  })
})

test('an officer who was removed neither proposes nor approves, and what he proposed is closed', () => {
  const what = { packDigest: digest('b'), from: 5000 }
  const [own, mine] = [proposalOn(three, zhao, what), proposalOn(three, li, what)]
  const pending = after(three, [2000, 'rule-proposal', proposing(own, zhao)])
  const gone = after(pending, [2001, 'officers-change', removing(pending, zhao, li, wang)])
  refused(gone, [2002, 'rule-approval', approving(approvalOf(own, li), li)], 'proposal-closed')
  refused(gone, [2002, 'rule-proposal', proposing({ ...own, reason: 'again' }, zhao)], 'unknown-officer')
  const open = after(gone, [2002, 'rule-proposal', proposing(mine, li)])
  refused(open, [2003, 'rule-approval', approving(approvalOf(mine, zhao), zhao)], 'unknown-officer')
  // Back under his name with another key: what the old key proposed stays closed.
  const renewed = person(zhao.by)
  const back = after(gone, [2003, 'officers-change', adding(gone, renewed, li, wang)])
  refused(back, [2004, 'rule-approval', approving(approvalOf(own, li), li)], 'proposal-closed')
})

test('two officers stay: neither leaves the other alone, and a signed change of officers counts once', () => {
  refused(two, [2000, 'officers-change', removing(two, wang, li, wang)], 'too-few-officers')
  refused(three, [2000, 'officers-change', removing(three, zhao, zhao)], 'more-officers')
  refused(three, [2000, 'officers-change', removing(three, named(zhao, 'Nobody'), li, wang)], 'unknown-officer')
  const fresh = person('Fresh')
  const added = adding(three, fresh, li, wang)
  const four = after(three, [2000, 'officers-change', added])
  const gone = after(four, [2001, 'officers-change', removing(four, fresh, li, zhao)])
  refused(gone, [2002, 'officers-change', added], 'officers-changed')
})

test('the configuration counts until there are two officers', () => {
  const one = withOfficers(li)
  const changedOnce = after(one, [2000, 'pack-in-force', configured(digest('b'))])
  expect(digestAt(changedOnce, 2000)).toBe(digest('b'))
  refused(changedOnce, [2001, 'pack-in-force', configured(digest('b'))], 'nothing-changes')
  refused(changedOnce, [2001, 'pack-in-force', configured(null)], 'no-pack')
  refused(two, [2000, 'pack-in-force', configured(digest('b'))], 'four-eyes')
  refused(one, [2000, 'rule-proposal', proposing(proposalOn(one, li, change), li)], 'too-few-officers')
})

test('a proposal comes ahead of its instant, changes something, and after every change that is scheduled', () => {
  const make = (changes: Partial<Proposal>) => proposing({ ...change, ...changes }, li)
  refused(two, [5000, 'rule-proposal', make({})], 'too-late')
  refused(two, [2000, 'rule-proposal', make({ packDigest: digest('a') })], 'nothing-changes')
  refused(two, [2000, 'rule-proposal', make({ packDigest: null })], 'no-pack')
  refused(two, [2000, 'rule-proposal', make({ replaces: digest('c') })], 'replaces-other')
  refused(two, [2000, 'rule-proposal', make({ by: wang.by })], 'bad-signature')
  refused(approved, [3001, 'rule-proposal', make({ from: 4000, packDigest: digest('c') })], 'not-last')
  refused(two, [1002, 'rule-proposal', make({})], 'clock-behind')
})

test('two firms stay apart: a pack of its own, its end, and that of all others', () => {
  const own = proposalOn(two, li, { firmId: firm, packDigest: digest('f'), from: 3000 })
  const given = after(
    two,
    [2000, 'rule-proposal', proposing(own, li)],
    [2001, 'rule-approval', approving(approvalOf(own, wang), wang)],
    [2002, 'rule-proposal', proposing(change, li)],
    [2003, 'rule-approval', approving(approvalOf(change, wang), wang)],
  )
  const end = proposalOn(given, wang, { firmId: firm, packDigest: null, from: 7000 })
  const ended = after(
    given,
    [4000, 'rule-proposal', proposing(end, wang)],
    [4001, 'rule-approval', approving(approvalOf(end, li), li)],
  )
  const seen = (firmId: FirmId | null) => [2999, 3000, 5000, 6999, 7000].map((at) => digestAt(ended, at, firmId))
  expect(seen(firm)).toEqual(['a', 'f', 'f', 'f', 'b'].map(digest))
  expect(seen(null)).toEqual(['a', 'a', 'b', 'b', 'b'].map(digest))
  refused(
    ended,
    [8000, 'rule-proposal', proposing(proposalOn(ended, li, { firmId: firm, packDigest: null, from: 9000 }), li)],
    'no-pack',
  )
})

describe('a withdrawal', () => {
  test('of what waits takes one officer, of what was approved two; of what is in force there is none', () => {
    refused(proposed, [2500, 'rule-withdrawal', withdrawing(change)], 'more-officers')
    refused(approved, [4000, 'rule-withdrawal', withdrawing(change, li)], 'more-officers')
    refused(approved, [4000, 'rule-withdrawal', withdrawing(change, li, zhao)], 'unknown-officer')
    refused(approved, [5000, 'rule-withdrawal', withdrawing(change, li, wang)], 'too-late')
    const withdrawn = after(approved, [4000, 'rule-withdrawal', withdrawing(change, li, wang)])
    expect(digestAt(withdrawn, 5000)).toBe(digest('a'))
    expect(withdrawn.proposals.get(proposalDigest(change))?.withdrawn).toEqual({
      ...{ by: ['Li Na', 'Wang Wei'], reason: 'an error', at: 4000 },
    })
    refused(withdrawn, [4001, 'rule-withdrawal', withdrawing(change, li, wang)], 'proposal-closed')
  })

  test('takes back the last change first', () => {
    const next = proposalOn(approved, li, { packDigest: digest('c'), from: 6000 })
    const state = after(
      approved,
      [3001, 'rule-proposal', proposing(next, li)],
      [3002, 'rule-approval', approving(approvalOf(next, wang), wang)],
    )
    refused(state, [3003, 'rule-withdrawal', withdrawing(change, li, wang)], 'not-last')
  })
})

test('the first entry names the installation', () => {
  expect(noRules.installation).toBeNull()
  expect(withOfficers(li).installation).toBe(withOfficers(wang).installation)
  const elsewhere = after(noRules, [1, 'pack-in-force', configured(digest('a'))])
  expect(elsewhere.installation).not.toBe(two.installation)
})

/**
 * Who holds one officer's key (and has seen every signature of the other) tries any sequence of entries. What is in
 * force, and who the officers are, stays as it was.
 */
test('with one key, whatever is tried, nothing comes into force', () => {
  const mallory = li
  const seen = [
    // Of this very change it would be the other's approval, which puts it in force by right.
    ...approving(approvalOf(change, wang, { packDigest: digest('c') }), wang).signatures,
    ...proposing(proposalOn(two, wang, { packDigest: digest('c'), from: 6000 }), wang).signatures,
    ...removing(two, li, wang).signatures,
  ]
  const names = fc.constantFrom(li.by, wang.by, 'LI NA', 'Zhao', 'Fresh')
  const pack = fc.constantFrom(digest('b'), digest('c'), null)
  const from = fc.constantFrom(3000, 5000, 6000)
  const firmId = fc.constantFrom(null, firm)
  const open = proposalDigest(change)
  const fresh = person('Fresh')
  const statement = fc.oneof(
    fc.record({ type: fc.constant('rule-proposal' as const), packDigest: pack, from, firmId, by: names }),
    fc.record({ type: fc.constant('rule-approval' as const), packDigest: pack, from, firmId, by: names }),
    fc.record({
      type: fc.constant('officers-change' as const),
      act: fc.constantFrom('add' as const, 'remove' as const),
      whose: fc.constantFrom(li, wang, fresh),
    }),
    fc.record({ type: fc.constant('rule-withdrawal' as const) }),
    fc.record({ type: fc.constant('pack-in-force' as const), packDigest: pack, firmId }),
  )
  const signer = fc.oneof(names, fc.constantFrom(...seen))
  const step = fc.tuple(statement, fc.array(signer, { maxLength: 3 }))
  fc.assert(
    fc.property(fc.array(step, { maxLength: 8 }), (steps) => {
      let [state, at, taken] = [proposed, 2500, 0]
      for (const [what, signers] of steps) {
        const sign = <K extends Parameters<typeof signedBy>[0]>(kind: K, made: Parameters<typeof signedBy<K>>[1]) => ({
          statement: made,
          signatures: signers.flatMap((by) =>
            typeof by === 'string' ? signedBy(kind, made, named(mallory, by)).signatures : [by],
          ),
        })
        const fields = (): object => {
          const { installation } = change
          switch (what.type) {
            case 'pack-in-force':
              return configured(what.packDigest, what.firmId)
            case 'rule-proposal':
              return sign(
                what.type,
                proposalOn(state, named(mallory, what.by), {
                  packDigest: what.packDigest,
                  from: what.from,
                  firmId: what.firmId,
                }),
              )
            case 'rule-approval': {
              const { type: _, ...changes } = what
              return sign(what.type, { ...approvalOf(change, mallory), ...changes })
            }
            case 'rule-withdrawal':
              return sign(what.type, { installation, proposal: open, reason: 'none' })
            case 'officers-change':
              return sign(what.type, {
                installation,
                revision: state.revision,
                act: what.act,
                name: what.whose.by,
                publicKey: what.whose.publicKey,
              })
          }
        }
        at += 1
        try {
          state = after(state, [at, what.type, fields()])
          taken += 1
        } catch (error) {
          if (!(error instanceof RuleFault)) throw error
        }
      }
      // Proposals of his own, and the withdrawal of what waits: nothing else is taken.
      expect(taken).toBe(state.entries - proposed.entries)
      expect(state.officers).toEqual(proposed.officers)
      expect(state.schedules).toEqual(proposed.schedules)
    }),
    { numRuns: 300 },
  )
})
