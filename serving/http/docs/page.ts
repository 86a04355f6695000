import { type OpenApiDocument, type Operation, type Parameter } from '../openapi.js'
import { problems } from '../problems.js'
import { asIs, html, type Html, nothing } from './html.js'
import { fieldsTable, typeOf } from './schema.js'
import { style } from './style.js'

type Listed = { readonly path: string; readonly method: string; readonly operation: Operation }

const parts: Readonly<Record<string, string>> = {
  app: 'For the app',
  catalogue: 'The catalogue',
  risk: 'Audit',
  science: 'Releases',
  operations: 'Operations',
}

/** The OpenAPI document as a page to read: routes by scope, then schemas, then problems. One file, nothing to load. */
export function docsPage({ info, paths, components }: OpenApiDocument): string {
  const listed: readonly Listed[] = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  )
  const schemas = Object.entries(components.schemas).sort(([a], [b]) => (a < b ? -1 : 1))
  const page = html`<!doctype html>
    <html lang="en">
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <title>${info.title} API</title>
      <style>
        ${asIs(style)}
      </style>
      <div class="page">
        <nav>
          ${contents(listed)}
          <h2>Reference</h2>
          <ul>
            <li><a href="#schemas">Schemas</a></li>
            <li><a href="#problems">Problems</a></li>
            <li><a href="/openapi.json">openapi.json</a></li>
          </ul>
        </nav>
        <main>
          <h1>${info.title} API</h1>
          <p class="lead">${info.description}</p>
          <p>
            Send <code>Authorization: Bearer KEY</code>; a key has scopes and belongs to a firm.
            ${asIs('<span class="must">*</span>')} marks what is required.
          </p>
          ${sections(listed)}
          <h2 class="part" id="schemas">Schemas</h2>
          ${schemas.map(
            ([name, schema]) =>
              html`<article id="schema-${name}">
                <header><code>${name}</code></header>
                <div>${fieldsTable(schema)}</div>
              </article>`,
          )}
          <h2 class="part" id="problems">Problems</h2>
          <p class="lead">
            Every error is <code>application/problem+json</code> (RFC 9457) with one of these as its <code>type</code>,
            in Chinese or English by Accept-Language.
          </p>
          <table>
            ${Object.entries(problems).map(
              ([name, { status, title, detail }]) =>
                html`<tr id="problem-${name}">
                  <td><code>${name}</code></td>
                  <td>${status}</td>
                  <td>${title.en}. <span class="more">${detail.en}</span></td>
                </tr>`,
            )}
          </table>
        </main>
      </div>
    </html> `
  return page.markup
}

const inPart = (listed: readonly Listed[], tag: string): readonly Listed[] =>
  listed.filter(({ operation }) => operation.tags.includes(tag))

const contents = (listed: readonly Listed[]): readonly Html[] =>
  Object.entries(parts).map(
    ([tag, title]) =>
      html`<h2>${title}</h2>
        <ul>
          ${inPart(listed, tag).map(
            ({ path, method, operation }) =>
              html`<li><a href="#${operation.operationId}">${methodOf(method)}${path.replace('/v1', '')}</a></li>`,
          )}
        </ul>`,
  )

const sections = (listed: readonly Listed[]): readonly Html[] =>
  Object.entries(parts).map(
    ([tag, title]) =>
      html`<h2 class="part">${title}</h2>
        ${inPart(listed, tag).map(section)}`,
  )

const methodOf = (method: string): Html => html`<span class="method ${method}">${method.toUpperCase()}</span>`

function section({ path, method, operation }: Listed): Html {
  const { operationId, summary, parameters, requestBody, responses, tags } = operation
  const scope = operation.security.length === 0 ? 'no key' : `scope ${tags.join(', ')}`
  const body = requestBody?.content['application/json']?.schema
  return html`<article id="${operationId}">
    <header>${methodOf(method)}<code>${path}</code><span class="scope">${scope}</span></header>
    <div>
      <p>${summary}</p>
      ${parametersOf(parameters)}
      ${
        body === undefined
          ? nothing
          : html`<h4>Body</h4>
              <p>${typeOf(body)}</p>`
      }
      <h4>Answers</h4>
      <table>
        ${Object.entries(responses).map((answer) => answerRow(answer, operation))}
      </table>
    </div>
  </article> `
}

/** Accept-Language is everywhere and stands at the top of the page. */
function parametersOf(parameters: readonly Parameter[]): Html {
  const own = parameters.filter(({ name }) => name !== 'Accept-Language')
  if (own.length === 0) return nothing
  return html`<h4>Parameters</h4>
    <table>
      ${own.map(
        (each) =>
          html`<tr>
            <td>
              <code>${each.name}</code>${each.required ? html`<span class="must"> *</span>` : nothing}
              <span class="more">${each.in}</span>
            </td>
            <td class="type">
              ${typeOf(each.schema)}${each.description === undefined ? nothing : html`. ${each.description}`}
            </td>
          </tr>`,
      )}
    </table>`
}

/** A status with what it says, each problem by a link to its words. */
function answerRow([status, answer]: [string, Operation['responses'][string]], operation: Operation): Html {
  const { description, content } = answer
  const [[mediaType, media] = []] = Object.entries(content ?? {})
  const shown = media?.schema === undefined ? (mediaType ?? '') : typeOf(media.schema)
  const named = operation['x-problems'].filter((name) => String(problems[name].status) === status)
  const links = named.map((name) => html`<a class="name" href="#problem-${name}">${name}</a> `)
  const ownWords = named.length === 0
  return html`<tr>
    <td>${status}</td>
    <td>${ownWords ? html`${description} ` : nothing}${links}</td>
    <td class="type">${shown}</td>
  </tr>`
}
