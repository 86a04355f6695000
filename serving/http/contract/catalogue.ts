import * as schemas from '../schemas.js'
import { type Route } from './route.js'

/** Products. */
export const catalogue = {
  putProduct: {
    method: 'put',
    path: '/v1/products/{id}',
    scope: 'catalogue',
    summary: 'Puts a product; binds every later decision.',
    pathParameters: schemas.ProductPath,
    body: schemas.ProductRequest,
    replies: { 200: { says: 'The revision that holds it.', schema: schemas.ProductPut } },
    problems: ['starting'],
  },
  listProducts: {
    method: 'get',
    path: '/v1/products',
    scope: 'catalogue',
    summary: 'The catalogue by pages, in the order in which products first appeared.',
    query: schemas.ProductsQuery,
    replies: { 200: { says: 'A page.', schema: schemas.ProductsPage } },
    problems: ['no-catalogue', 'starting'],
  },
} as const satisfies Record<string, Route>
