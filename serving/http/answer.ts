import { type ServerResponse } from 'node:http'
import { type Language } from '../../engine/explanation/texts.js'

/** A whole reply: its body was serialised once, and is sent and kept as it stands. */
export type Answer = {
  readonly status: number
  readonly contentType: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

type Options = { readonly contentType?: string; readonly headers?: Readonly<Record<string, string>> }

/** A reply with a JSON body. */
export const answer = (status: number, body: unknown, options: Options = {}): Answer => ({
  status,
  contentType: options.contentType ?? 'application/json; charset=utf-8',
  headers: options.headers ?? {},
  body: JSON.stringify(body),
})

/** A reply whose words are in the language that was asked for. */
export const inLanguage = (status: number, body: unknown, language: Language): Answer =>
  answer(status, body, { headers: { 'Content-Language': language, Vary: 'Accept-Language' } })

/** A reply with a body of another type. */
export const textAnswer = (contentType: string, body: string, headers: Answer['headers'] = {}): Answer => ({
  status: 200,
  contentType,
  headers,
  body,
})

export const noContent: Answer = { status: 204, contentType: '', headers: {}, body: '' }

/** Sends by node's own response: Express's `send` would look for an ETag and the character set once more. */
export function send(response: ServerResponse, { status, contentType, headers, body }: Answer): void {
  const described =
    status === 204 ? {} : { 'Content-Type': contentType, 'Content-Length': String(Buffer.byteLength(body)) }
  response.writeHead(status, {
    ...described,
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
    ...headers,
  })
  response.end(body)
}
