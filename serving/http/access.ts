import { type Request } from 'express'
import { Reader } from '../../audit/personActs.js'
import { type FirmId } from '../../features/schema/ids.js'
import { type Language } from '../../engine/explanation/texts.js'
import { type Answer } from './answer.js'
import { type Keys, type Scope } from './keys.js'
import { defaultFirm } from '../investorKey.js'
import { problem } from './problems.js'

/** Of routes that are open to all: none of them shows a person. */
const nobody = Reader.parse('key:none')

export type Entry =
  | { readonly open: true; readonly firmId: FirmId; readonly reader: Reader }
  | { readonly open: false; readonly answer: Answer }

/** By `Authorization: Bearer KEY` (RFC 6750 §2.1): 401 without a known key, 403 where it lacks the scope. */
export function enter(request: Request, scope: Scope | null, keys: Keys, language: Language): Entry {
  if (scope === null) return { open: true, firmId: defaultFirm, reader: nobody }
  const key = /^Bearer +([\x21-\x7e]{1,200})$/i.exec(request.headers.authorization ?? '')?.[1]
  const access = key === undefined ? null : keys.find(key)
  if (access === null) return { open: false, answer: problem('unauthenticated', language) }
  if (!access.scopes.has(scope)) return { open: false, answer: problem('forbidden', language, { scope }) }
  return { open: true, firmId: access.firmId, reader: Reader.parse(`key:${access.mark}`) }
}
