import { type ComparedFeature } from './compared.js'

/** A feature whose values lie elsewhere than in training. */
export type Shift = Pick<ComparedFeature, 'entity' | 'name' | 'version'> & { readonly psi: number }

/** Features with a PSI above the bound, the largest first; those of which too few values tell are left out. */
export const shiftsOf = (compared: readonly ComparedFeature[], bound: number): readonly Shift[] =>
  compared.flatMap(({ entity, name, version, psi, drift }) =>
    drift === 'unknown' || psi === null || psi <= bound ? [] : [{ entity, name, version, psi }],
  )
