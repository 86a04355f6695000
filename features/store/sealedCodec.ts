import { type IdentifierCipher } from '../../storage/identifierCipher.js'
import { type InvestorId } from '../schema/ids.js'
import { type InvestorSnapshot } from '../schema/records.js'
import * as codec from './codec.js'
import { type InvestorState } from './state.js'

/** An adapter's codec: that of codec.ts, its bytes sealed under the key that they are stored at. */
export type StoreCodec = {
  readonly encodeState: (state: InvestorState, id: InvestorId) => Uint8Array
  readonly decodeState: (bytes: Uint8Array, id: InvestorId) => InvestorState
  readonly decodeSnapshot: (bytes: Uint8Array, id: InvestorId) => InvestorSnapshot | null
}

/** Without a cipher, the codec itself. */
export const codecOver = (cipher: IdentifierCipher | null): StoreCodec =>
  cipher === null
    ? codec
    : {
        encodeState: (state, id) => cipher.seal(id, codec.encodeState(state)),
        decodeState: (bytes, id) => codec.decodeState(cipher.open(id, bytes), id),
        decodeSnapshot: (bytes, id) => codec.decodeSnapshot(cipher.open(id, bytes), id),
      }
