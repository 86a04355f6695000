/**
 * duplicate: an entry of that id is recorded; index, tree: ledger/index or ledger/tree disagrees with the segments;
 * key: ledger.key and ledger/ledger.vkey do not belong together, or one is missing.
 */
export class LedgerError extends Error {
  constructor(
    readonly code: 'duplicate' | 'index' | 'tree' | 'key',
    message: string,
  ) {
    super(message)
    this.name = 'LedgerError'
  }
}
