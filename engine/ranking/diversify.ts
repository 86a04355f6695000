import { type Product } from '../../features/schema/product.js'

/** Caps on the share of a slate, in basis points: at least one product of a company, at least two of a kind. */
export type Diversity = { readonly perCompanyBps: number; readonly perKindBps: number }

export const defaultDiversity: Diversity = { perCompanyBps: 2500, perKindBps: 5000 }

/** Places of a slate that are kept for some of the candidates, those that are to have them before others first. */
export type Reserved<T> = { readonly places: number; readonly candidates: readonly T[] }

/**
 * Reorders candidates so that the first `size` hold no more of one company and of one kind than the caps allow, as far
 * as the candidates suffice. Within what the caps admit the order by score stays; what they turned away follows after.
 * What is reserved is taken before, one after another: within the caps as far as that suffices, else beyond them. The
 * slate of all is then in the order by score, and the rest in theirs.
 */
export function diversify<T extends { readonly product: Product }>(
  candidates: readonly T[],
  size: number,
  caps: Diversity,
  reserved: readonly Reserved<T>[] = [],
): readonly T[] {
  const first = reservedOf(size, caps, reserved)
  const admits = capped(size, caps)
  for (const candidate of first) admits(candidate.product, true)
  const [admitted, turnedAway]: [T[], T[]] = [[], []]
  for (const candidate of candidates)
    if (!first.has(candidate)) (admits(candidate.product) ? admitted : turnedAway).push(candidate)
  const ordered = [...first, ...admitted, ...turnedAway]
  if (first.size === 0) return ordered
  const slate = new Set(ordered.slice(0, size))
  return [...candidates.filter((one) => slate.has(one)), ...ordered.slice(size)]
}

function reservedOf<T extends { readonly product: Product }>(
  size: number,
  caps: Diversity,
  reserved: readonly Reserved<T>[],
): Set<T> {
  const first = new Set<T>()
  const admits = capped(size, caps)
  for (const { places, candidates } of reserved)
    for (const beyond of [false, true]) {
      let held = candidates.filter((candidate) => first.has(candidate)).length
      for (const candidate of candidates) {
        if (held >= places || first.size === size) break
        if (first.has(candidate) || !admits(candidate.product, beyond)) continue
        first.add(candidate)
        held++
      }
    }
  return first
}

/** Counts what it admits: up to the caps, or whatever comes where it must. */
function capped(size: number, caps: Diversity): (product: Product, must?: boolean) => boolean {
  const perCompany = Math.max(1, Math.floor((size * caps.perCompanyBps) / 10_000))
  const perKind = Math.max(2, Math.floor((size * caps.perKindBps) / 10_000))
  const companies = new Map<string, number>()
  const kinds = new Map<string, number>()
  return ({ companyId, kind }, must = false) => {
    const ofCompany = companies.get(companyId) ?? 0
    const ofKind = kinds.get(kind) ?? 0
    if (!must && (ofCompany >= perCompany || ofKind >= perKind)) return false
    companies.set(companyId, ofCompany + 1)
    kinds.set(kind, ofKind + 1)
    return true
  }
}
