import { z } from 'zod'
import { Digest } from '../../features/schema/ids.js'
import { GateResult } from '../../training/registry/gates.js'
import { ModelConfig } from '../../training/models/config.js'
import { RunId } from '../../training/runRecord.js'
import { Promotion } from '../models/promotions.js'
import { Problem } from './schemas.js'

export const ReleasePath = z.strictObject({ digest: Digest })
export const RunPath = z.strictObject({ run: RunId })

export const ModelsAnswer = z.strictObject({
  items: z.array(
    z.strictObject({
      id: RunId,
      /** Known before it, the data was learnt from. */
      asOf: z.iso.datetime(),
      because: z.string(),
      config: ModelConfig,
      metrics: z.record(z.string(), z.number()),
    }),
  ),
})

export const ReleaseActivated = z.strictObject({ release: Digest })

const reason = z.string().min(1).max(1000)
export const PromotionRequest = z.strictObject({
  /** Gates that may be shut. */
  override: z.array(z.string()).max(1000).default([]),
  reason: reason.nullable().default(null),
})
export const RollbackRequest = z.strictObject({ reason: reason.nullable().default(null) })

export const PromotionAnswer = Promotion

export const PromotionRefused = Problem.extend({ gates: z.array(GateResult).optional() })
