import { type JsonSchema } from '../openapi.js'
import { asIs, html, type Html, nothing } from './html.js'

type Part = boolean | JsonSchema

const nameOf = (ref: string): string => ref.slice(ref.lastIndexOf('/') + 1)

/** The type of a value in a few words, with links to the schemas that it names. */
export function typeOf(schema: Part): Html {
  if (typeof schema === 'boolean' || Object.keys(schema).length === 0) return html`any`
  if (schema.$ref !== undefined) return html`<a href="#schema-${nameOf(schema.$ref)}">${nameOf(schema.$ref)}</a>`
  const either = schema.anyOf ?? schema.oneOf
  if (either !== undefined) return joined(either.map(typeOf), ' or ')
  if (schema.const !== undefined) return html`<code>${JSON.stringify(schema.const)}</code>`
  if (schema.enum !== undefined)
    return joined(
      schema.enum.map((value) => html`<code>${String(value)}</code>`),
      ' | ',
    )
  if (schema.type === 'array') return html`list of ${itemsOf(schema)}${bounds(schema.minItems, schema.maxItems)}`
  if (schema.type === 'object')
    return schema.properties === undefined && schema.additionalProperties !== undefined
      ? html`map to ${typeOf(schema.additionalProperties)}`
      : html`object`
  if (schema.type === 'string') return stringType(schema)
  return html`${[schema.type ?? 'any'].flat().join(' or ')}${bounds(schema.minimum, schema.maximum)}`
}

const itemsOf = ({ items }: JsonSchema): Html =>
  items === undefined || Array.isArray(items) ? html`any` : typeOf(items)

function stringType({ format, pattern, minLength, maxLength }: JsonSchema): Html {
  if (format === 'date-time') return html`instant, <code>2026-05-08T15:00:00Z</code>`
  if (format === 'date') return html`day, <code>2026-05-08</code>`
  return html`string${bounds(minLength, maxLength)}${pattern === undefined ? nothing : html` <code>${pattern}</code>`}`
}

/** What zod writes for any safe integer says nothing. */
const said = (bound: number | undefined): bound is number => bound !== undefined && Math.abs(bound) < 1e15

function bounds(least: number | undefined, most: number | undefined): Html {
  if (said(least) && said(most)) return html` (${least} to ${most})`
  if (said(least)) return html` (from ${least})`
  return said(most) ? html` (up to ${most})` : nothing
}

const joined = (parts: readonly Html[], between: string): Html => asIs(parts.map(({ markup }) => markup).join(between))

/** The fields of a schema as rows, those of inner objects after their own. */
export function fieldsTable(schema: JsonSchema): Html {
  const rows = fieldRows(schema, '')
  return rows.length === 0
    ? html`<p>${typeOf(schema)}</p>`
    : html`<table>
        ${rows}
      </table>`
}

function fieldRows(schema: JsonSchema, before: string): readonly Html[] {
  const { properties = {}, required = [] } = schema
  return Object.entries(properties).flatMap(([name, field]) => {
    const path = `${before}${name}`
    const own = html`<tr>
      <td>
        <code>${path}</code>${required.includes(name) ? html`<span class="must" title="required"> *</span>` : nothing}
      </td>
      <td class="type">${typeOf(field)}${defaultOf(field)}</td>
    </tr>`
    return [own, ...innerRows(field, path)]
  })
}

function innerRows(field: Part, path: string): readonly Html[] {
  if (typeof field === 'boolean') return []
  const inner = field.anyOf?.find((each) => typeof each !== 'boolean' && each.properties !== undefined) ?? field
  if (typeof inner === 'boolean') return []
  if (inner.properties !== undefined) return fieldRows(inner, `${path}.`)
  const items: Part | undefined = Array.isArray(inner.items) ? undefined : inner.items
  return typeof items === 'object' && items.properties !== undefined ? fieldRows(items, `${path}[].`) : []
}

const defaultOf = (field: Part): Html =>
  typeof field === 'boolean' || field.default === undefined
    ? nothing
    : html`<span class="more">, default <code>${JSON.stringify(field.default)}</code></span>`
