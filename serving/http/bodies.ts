import { type IncomingMessage } from 'node:http'
import express, { type RequestHandler } from 'express'

/** A thousand events fit, with the longest ids. */
const bodyLimit = 1024 * 1024

export type Bodies = { readonly read: RequestHandler; readonly bytesOf: (request: IncomingMessage) => Uint8Array }

/** JSON bodies; the bytes are kept beside where an Idempotency-Key has to stand for them. */
export function bodies(): Bodies {
  const bytes = new WeakMap<IncomingMessage, Uint8Array>()
  const read = express.json({
    limit: bodyLimit,
    inflate: false,
    type: 'application/json',
    verify: (request, _, body) => {
      if (request.headers['idempotency-key'] !== undefined) bytes.set(request, body)
    },
  })
  return { read, bytesOf: (request) => bytes.get(request) ?? new Uint8Array() }
}
