import { readFileSync } from 'node:fs'

/** What is changed in audit/, and the tests beside it that know of it: `GROUP=tree npx stryker run stryker.audit.js`. */
const groups = {
  form: {
    mutate: ['audit/{canonical,sealing,entry,signedNote,checkpoint,tlogProof}.ts'],
    tests: ['audit/{canonical,signedNote,checkpoint,sealing,tlogProof,decisionEntry,ledger,persons}.test.ts'],
  },
  tree: {
    mutate: ['audit/merkle/*.ts', 'audit/{merkleTree,checkpoints,ledgerProofs,ledgerKey,ledger,ledgerIndex,turns}.ts'],
    tests: ['audit/merkle/*.test.ts', 'audit/{ledger,ledgerEntries,ledgerIndex,record,fsck,turns}.test.ts'],
  },
  decisions: {
    mutate: ['audit/{decisionEntry,inputs,recordedBytes,replay,commitment,bundle,record}.ts'],
    tests: ['audit/{decisionEntry,record,replay,replayHnsw}.test.ts'],
  },
  persons: {
    mutate: ['audit/{persons,personWriter,personKeys,sealedLog}.ts'],
    tests: ['audit/{persons,record}.test.ts'],
  },
  verify: { mutate: ['audit/verify.ts'], tests: ['audit/{verify,verifyProgram,record}.test.ts'] },
  rules: { mutate: ['audit/rules/*.ts', 'audit/ruleEntry.ts'], tests: ['audit/rules/*.test.ts'] },
  upkeep: { mutate: ['audit/{fsck,retention}.ts'], tests: ['audit/{fsck,retention}.test.ts'] },
  served: {
    mutate: ['audit/{activations,entered,exposures,needed,purchases}.ts', 'audit/rules/ruleLedger.ts'],
    tests: ['serving/audit/{exposures,replay/needed}.test.ts', 'serving/{inForce,purchaseChecks,rules/*}.test.ts'],
  },
  search: { mutate: ['audit/search/*.ts'], tests: ['audit/search/*.test.ts'] },
  backtest: { mutate: ['audit/backtest/*.ts'], tests: ['audit/backtest/*.test.ts'] },
}
const name = process.env.GROUP ?? 'form'
const { mutate, tests } = groups[name]
const { $schema, ...common } = JSON.parse(readFileSync(new URL('stryker.config.json', import.meta.url), 'utf8'))

export default {
  ...common,
  jest: {
    ...common.jest,
    config: {
      ...common.jest.config,
      roots: ['<rootDir>/audit', '<rootDir>/serving'],
      testMatch: tests.map((file) => `<rootDir>/${file}`),
      testPathIgnorePatterns: ['/node_modules/', '/dist/'],
    },
  },
  timeoutMS: 20_000,
  mutate: [...mutate, '!audit/**/*.test.ts'],
  jsonReporter: { fileName: `reports/mutation/audit-${name}.json` },
  incrementalFile: `reports/mutation/audit-${name}-incremental.json`,
}
