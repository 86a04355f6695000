import { type FirmId } from '../../features/schema/ids.js'
import { type Reader } from '../../audit/personActs.js'
import { type Read } from '../privacy/privacyService.js'
import { type Service } from '../service.js'
import { type Answer } from './answer.js'
import { type RouteName } from './contract/contract.js'

type Asking = { readonly firmId: FirmId; readonly reader: Reader }

/** By which key and operation something personal is read. */
export const readBy = ({ firmId, reader }: Asking, how: RouteName): Read => ({ firmId, by: reader, how })

/**
 * A handler that shows what the entry `{id}` sealed: before that is answered, the read is entered in the ledger, and
 * where it cannot be, nothing is shown.
 */
export const readingEntry =
  <A extends Asking & { readonly path: { readonly id: string } }>(
    service: Service,
    how: RouteName,
    handler: (asked: A) => Promise<Answer>,
  ) =>
  async (asked: A): Promise<Answer> => {
    const shown = await handler(asked)
    if (shown.status === 200) await service.privacy.reads.ofEntry(readBy(asked, how), asked.path.id)
    return shown
  }
