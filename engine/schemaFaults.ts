import { type z } from 'zod'
import { type FaultPlace } from './yamlPlaces.js'

export type SchemaFault = FaultPlace & { readonly message: string }
type Issue = z.core.$ZodIssue

/** What a schema refuses, as sentences that say what stands there and what is wanted; `value` is what was parsed. */
export const schemaFaults = (issues: readonly Issue[], value: unknown): readonly SchemaFault[] =>
  issues.flatMap((issue): SchemaFault[] => {
    const of = (path: readonly PropertyKey[]): string => (path.length === 0 ? '' : `${path.map(String).join('.')}: `)
    if (issue.code === 'unrecognized_keys')
      return issue.keys.map((key) => {
        const path = [...issue.path, key]
        return { path, at: 'key', message: `${of(path)}there is no such field; take it out or correct its name` }
      })
    const message = `${of(issue.path)}${sentenceOf(issue, at(value, issue.path))}`
    return [{ path: issue.path, ...(issue.code === 'invalid_key' ? { at: 'key' } : {}), message }]
  })

const at = (value: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>((of, name) => (of as Record<PropertyKey, unknown> | null | undefined)?.[name], value)

function sentenceOf(issue: Issue, given: unknown): string {
  if (issue.code === 'invalid_key') return `${issue.issues[0]?.message ?? issue.message}; correct the name`
  if (given === undefined) return 'is missing; add it'
  return `got ${shown(given)}, ${wanted(issue)}`
}

const kinds: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'fields of its own',
  record: 'fields of its own',
}

function wanted(issue: Issue): string {
  // The schema's own sentences begin so.
  if (issue.message.startsWith('want ')) return issue.message
  switch (issue.code) {
    case 'invalid_type':
      return `want ${kinds[issue.expected] ?? issue.expected}`
    case 'invalid_value':
      return `want ${issue.values.length === 1 ? '' : 'one of '}${issue.values.map(String).join(', ')}`
    case 'too_small':
      return issue.origin === 'number'
        ? `want at least ${issue.minimum}`
        : `want it not empty; at least ${issue.minimum} ${issue.origin === 'array' ? 'of them' : 'characters'}`
    case 'too_big':
      return `want at most ${issue.maximum}`
    case 'invalid_union':
      return 'want a whole number, a text, true or false, or a list of numbers or of texts'
    default:
      return issue.message
  }
}

/** Short enough for a line. */
function shown(value: unknown): string {
  const text = JSON.stringify(value)
  return text.length <= 60 ? text : `${text.slice(0, 57)}…`
}
