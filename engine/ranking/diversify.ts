import { type Product } from '../../features/schema/product.js'

/** Caps on the share of a slate, in basis points: at least one product of a company, at least two of a kind. */
export type Diversity = { readonly perCompanyBps: number; readonly perKindBps: number }

export const defaultDiversity: Diversity = { perCompanyBps: 2500, perKindBps: 5000 }

/**
 * Reorders candidates so that the first `size` hold no more of one company and of one kind than the caps allow, as far
 * as the candidates suffice. Within what the caps admit the order by score stays; what they turned away follows after.
 */
export function diversify<T extends { readonly product: Product }>(
  candidates: readonly T[],
  size: number,
  caps: Diversity,
): readonly T[] {
  const perCompany = Math.max(1, Math.floor((size * caps.perCompanyBps) / 10_000))
  const perKind = Math.max(2, Math.floor((size * caps.perKindBps) / 10_000))
  const companies = new Map<string, number>()
  const kinds = new Map<string, number>()
  const admitted: T[] = []
  const turnedAway: T[] = []
  for (const candidate of candidates) {
    const { companyId, kind } = candidate.product
    const ofCompany = companies.get(companyId) ?? 0
    const ofKind = kinds.get(kind) ?? 0
    if (ofCompany >= perCompany || ofKind >= perKind) {
      turnedAway.push(candidate)
      continue
    }
    companies.set(companyId, ofCompany + 1)
    kinds.set(kind, ofKind + 1)
    admitted.push(candidate)
  }
  return [...admitted, ...turnedAway]
}
