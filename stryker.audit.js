import { readFileSync } from 'node:fs'

/**
 * What is changed in audit/, and the tests beside it that know of it: `GROUP=tree npx stryker run stryker.audit.js`. With
 * `SAMPLE=0.2 SEED=7` before it, a fifth of the mutants are: stryker.sample.js.
 */
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
    tests: ['audit/{decisionEntry,record,recordedBytes,replay,replayHnsw,bundle}.test.ts'],
  },
  persons: {
    mutate: ['audit/{persons,personWriter,personKeys,sealedLog}.ts'],
    tests: ['audit/{persons,rekeyPersons,record}.test.ts'],
  },
  verify: { mutate: ['audit/verify.ts'], tests: ['audit/{verify,verifyProgram,record}.test.ts'] },
  rules: { mutate: ['audit/rules/*.ts', 'audit/ruleEntry.ts'], tests: ['audit/rules/*.test.ts'] },
  upkeep: { mutate: ['audit/{fsck,retention}.ts'], tests: ['audit/{fsck,retention}.test.ts'] },
  served: {
    mutate: ['audit/{activations,entered,exposures,needed,purchases}.ts'],
    tests: ['audit/{activations,entered,exposures,needed,purchases}.test.ts', 'audit/rules/packWalk.test.ts'],
  },
  entries: {
    mutate: [
      'audit/{investorEntry,investorRecords,newestRecorded,personActs,personEntries,profileReads}.ts',
      'audit/{purchaseEntry,recordedDecisions,systemEntry}.ts',
    ],
    tests: [
      'audit/{decisionEntry,investorRecords,newestRecorded,purchases,retention,backtest/runBacktest}.test.ts',
      'serving/privacy/privacy.test.ts',
    ],
  },
  search: {
    mutate: ['audit/search/*.ts'],
    tests: ['audit/search/*.test.ts', 'serving/audit/entries/entries.test.ts'],
  },
  backtest: { mutate: ['audit/backtest/*.ts'], tests: ['audit/backtest/*.test.ts'] },
}
const { GROUP: name = 'form', SAMPLE, SEED } = process.env
const { mutate, tests } = groups[name]
const { $schema, ...common } = JSON.parse(readFileSync(new URL('stryker.config.json', import.meta.url), 'utf8'))
const sampled = {
  plugins: ['@stryker-mutator/*', './stryker.sample.js'],
  checkers: ['sample'],
  incremental: false,
  jsonReporter: { fileName: `reports/mutation/audit-${name}-${SEED}.json` },
}

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
  ...(SAMPLE === undefined ? {} : sampled),
}
