import { type OpenApiDocument } from '../openapi.js'
export const docsPage = (_document: OpenApiDocument): string => '<!doctype html>'
