import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { parse, YAMLParseError } from 'yaml'
import { z } from 'zod'
import { randomFor } from '../../features/definitions/random.js'
import { ModelConfig } from '../models/config.js'

const Value = z.union([z.number(), z.string(), z.boolean(), z.null()])
type Value = z.infer<typeof Value>

/** Drawn evenly over the range, or over its logarithm; `whole` rounds. */
const Range = z
  .strictObject({
    range: z.tuple([z.number(), z.number()]),
    scale: z.enum(['linear', 'log']).default('linear'),
    whole: z.boolean().default(false),
  })
  .refine(({ range: [low, high] }) => low < high, 'want a range from the lower to the higher')
  .refine(({ range: [low], scale }) => scale === 'linear' || low > 0, 'a log scale wants a range above 0')
const Parameter = z.union([z.strictObject({ values: z.array(Value).min(1) }), Range])
type Parameter = z.infer<typeof Parameter>

/** What may be tried: a kind of model, and of each of its parameters what it may be. */
export const SearchSpace = z.strictObject({
  kind: z.string(),
  parameters: z.record(z.string(), Parameter),
})
export type SearchSpace = z.infer<typeof SearchSpace>

/** The config of trial n. It follows from seed and n alone, whatever was drawn before. Throws a ZodError for what is no config. */
export function configAt({ kind, parameters }: SearchSpace, seed: number, trial: number): ModelConfig {
  const drawn = Object.entries(parameters).map(([name, parameter]) => {
    const { uniform } = randomFor(seed, `trial ${trial} ${name}`)
    return [name, valueAt(parameter, uniform())] as const
  })
  return ModelConfig.parse({ kind, ...Object.fromEntries(drawn) })
}

function valueAt(parameter: Parameter, place: number): Value {
  if ('values' in parameter) return parameter.values[Math.floor(place * parameter.values.length)] ?? null
  const { range, scale, whole } = parameter
  const [low, high] = scale === 'log' ? range.map(Math.log) : range
  const at = (low ?? 0) + place * ((high ?? 0) - (low ?? 0))
  const value = scale === 'log' ? Math.exp(at) : at
  // Three digits say all that such a search can tell, and a config is read by people.
  return whole ? Math.round(value) : Number(value.toPrecision(3))
}

/** Both ends of every parameter, so that a space is refused before the first trial and not at its hundredth. */
function* cornersOf({ kind, parameters }: SearchSpace): Generator<[string, unknown]> {
  for (const [name, parameter] of Object.entries(parameters))
    for (const value of 'values' in parameter ? parameter.values : parameter.range)
      yield [name, { kind, [name]: 'whole' in parameter && parameter.whole ? Math.round(value as number) : value }]
}

const inWords = (error: z.ZodError): string =>
  error.issues.map((issue) => `${issue.path.join('.') || 'top level'}: ${issue.message}`).join('; ')

/** YAML text to a space. Throws an Error that names the file and every field at fault. */
export function parseSpace(text: string, file: string): SearchSpace {
  let document: unknown
  try {
    document = parse(text)
  } catch (error) {
    if (!(error instanceof YAMLParseError)) throw error
    throw new Error(`${file}: no valid YAML: ${error.message}`, { cause: error })
  }
  const space = SearchSpace.safeParse(document)
  if (!space.success) throw new Error(`${file}: ${inWords(space.error)}`)
  const faults = [...cornersOf(space.data)].flatMap(([name, config]) => {
    const parsed = ModelConfig.safeParse(config)
    return parsed.success ? [] : [`parameters.${name}: ${inWords(parsed.error)}`]
  })
  if (faults.length > 0) throw new Error(`${file}: ${[...new Set(faults)].join('; ')}`)
  return space.data
}

/** Throws an Error that names the file, absent or at fault. */
export async function readSpace(path: string): Promise<SearchSpace> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new Error(`space ${basename(path)}: cannot be read (${error.code ?? error.message})`)
  })
  return parseSpace(text, basename(path))
}
