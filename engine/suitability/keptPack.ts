import { z } from 'zod'
import { FirmPackText, PackText, RuleText } from './pack.js'

/** Cases show what a rule does when it is proposed; they do not judge, and their form has changed. */
const rules = z.array(z.object({ ...RuleText.shape, cases: RuleText.shape.cases.catch([]) }))

/** Of earlier versions a pack said the years alone; the source stood among its standards. */
const withRetention = (given: unknown): unknown =>
  typeof given === 'object' && given !== null && 'retentionYears' in given
    ? {
        retention: { years: given.retentionYears, source: 'as told among the standards', confidence: 'recalled' },
        ...given,
      }
    : given

/**
 * A pack as it was kept, perhaps by an earlier version: fields that this one does not know are passed over, and so is
 * what no decision reads where its form was another.
 */
export const KeptPackText: z.ZodType<PackText> = z.preprocess(
  withRetention,
  z.object({
    ...PackText.shape,
    rules,
    assessmentLimits: PackText.shape.assessmentLimits.catch(null),
    rematch: PackText.shape.rematch.catch(null),
    professional: PackText.shape.professional.catch([]),
    standards: PackText.shape.standards.catch([]),
    forbiddenWords: PackText.shape.forbiddenWords.catch({ 'zh-CN': [], en: [] }),
  }),
)
export const KeptFirmPackText: z.ZodType<FirmPackText> = z.object({ ...FirmPackText.shape, rules })
