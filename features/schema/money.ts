import { z } from 'zod'

/** ISO 4217 code. */
export const Currency = z.string().regex(/^[A-Z]{3}$/, 'want a three-letter currency code such as CNY')
export type Currency = z.infer<typeof Currency>

/** An amount in minor units (fen, cents): a safe integer, never a fraction. */
export const Money = z.strictObject({ minor: z.int(), currency: Currency })
export type Money = z.infer<typeof Money>

/** A rate in integer basis points (1 bp = 0.01 %). */
export const BasisPoints = z.int().min(-1_000_000_000).max(1_000_000_000)
export type BasisPoints = z.infer<typeof BasisPoints>
