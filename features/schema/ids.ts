import { z } from 'zod'

/** Identifiers of every kind: 1 to 128 characters of letters, digits and `. _ : -`. */
const Id = z
  .string()
  .regex(/^[A-Za-z0-9._:-]{1,128}$/, 'want 1 to 128 characters of letters, digits, ".", "_", ":" and "-"')

export const InvestorId = Id.brand<'InvestorId'>()
export type InvestorId = z.infer<typeof InvestorId>

export const ProductId = Id.brand<'ProductId'>()
export type ProductId = z.infer<typeof ProductId>

export const CompanyId = Id.brand<'CompanyId'>()
export type CompanyId = z.infer<typeof CompanyId>

export const EventId = Id.brand<'EventId'>()
export type EventId = z.infer<typeof EventId>

export const DecisionId = Id.brand<'DecisionId'>()
export type DecisionId = z.infer<typeof DecisionId>

export const PurchaseCheckId = Id.brand<'PurchaseCheckId'>()
export type PurchaseCheckId = z.infer<typeof PurchaseCheckId>

export const AssessmentId = Id.brand<'AssessmentId'>()
export type AssessmentId = z.infer<typeof AssessmentId>

export const ClassChangeId = Id.brand<'ClassChangeId'>()
export type ClassChangeId = z.infer<typeof ClassChangeId>

export const FirmId = Id.brand<'FirmId'>()
export type FirmId = z.infer<typeof FirmId>

/** `sha256:` and 64 lower-case hexadecimal digits. */
export const Digest = z
  .string()
  .regex(/^sha256:[0-9a-f]{64}$/, 'want sha256: and 64 lower-case hexadecimal digits')
  .brand<'Digest'>()
export type Digest = z.infer<typeof Digest>

/** Total order of ids, by UTF-16 code unit: the tie-break of every ranking. */
export const compareIds = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
