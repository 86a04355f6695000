import { type Inclusion } from './ledgerProofs.js'

/** An inclusion proof with the checkpoint of its tree, as text: C2SP tlog-proof, without extra data. */
export const tlogProofOf = ({ index, path }: Pick<Inclusion, 'index' | 'path'>, note: string): string =>
  ['c2sp.org/tlog-proof@v1', `index ${index}`, ...path.map((hash) => hash.toString('base64')), '', note].join('\n')
