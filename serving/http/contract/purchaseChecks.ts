import * as purchase from '../purchaseSchemas.js'
import * as schemas from '../schemas.js'
import { type Route } from './route.js'

/** Purchases of one’s own accord. */
export const purchaseChecks = {
  checkPurchase: {
    method: 'post',
    path: '/v1/purchase-checks',
    scope: 'app',
    summary:
      'Whether an investor may buy a product of his own accord: permitted, to be confirmed step by step, or blocked; with the costs, and recorded before it is answered. It is no recommendation.',
    body: purchase.PurchaseCheckRequest,
    records: true,
    replies: {
      200: { says: 'The verdict, and the steps that it wants.', schema: purchase.PurchaseCheckAnswer },
      409: { says: 'A reused key.', schema: schemas.Problem },
    },
    problems: [
      'unknown-investor',
      'unknown-product',
      'idempotency-key-reused',
      'no-rule-pack',
      'no-catalogue',
      'no-ledger',
      'store-unreachable',
      'starting',
    ],
  },
  confirmPurchase: {
    method: 'post',
    path: '/v1/purchase-checks/{id}/confirmations',
    scope: 'app',
    summary:
      'Confirms the next step of a purchase check; judged again, and recorded, before it is answered. After the last step, and until it expires, the purchase is permitted.',
    pathParameters: purchase.PurchaseCheckPath,
    body: purchase.ConfirmationRequest,
    records: true,
    replies: {
      200: { says: 'Confirmed; what comes next.', schema: purchase.ConfirmationAnswer },
      409: { says: 'Not confirmed, and why; or a reused key.', schema: purchase.RefusedOrReusedKey },
    },
    problems: [
      'unknown-investor',
      'unknown-purchase-check',
      'investor-erased',
      'purchase-blocked',
      'confirmation-not-needed',
      'confirmation-out-of-order',
      'confirmation-repeated',
      'confirmation-text-changed',
      'confirmation-too-early',
      'confirmation-expired',
      'check-changed',
      'idempotency-key-reused',
      'no-rule-pack',
      'no-catalogue',
      'no-ledger',
      'store-unreachable',
      'starting',
    ],
  },
  purchaseStanding: {
    method: 'get',
    path: '/v1/purchase-checks/{id}/standing',
    scope: 'app',
    summary:
      'Where a purchase check stands now, judged anew: ask before the order is carried out, for product, profile and rules may have changed since. Not recorded.',
    pathParameters: purchase.PurchaseCheckPath,
    replies: { 200: { says: 'Where it stands.', schema: purchase.StandingAnswer } },
    problems: [
      'unknown-purchase-check',
      'investor-erased',
      'no-rule-pack',
      'no-catalogue',
      'no-ledger',
      'store-unreachable',
      'starting',
    ],
  },
  showPurchaseCheck: {
    method: 'get',
    path: '/v1/purchase-checks/{id}',
    scope: 'risk',
    summary: 'A purchase check as recorded, what was shown, and each confirmation, unless the investor was erased.',
    pathParameters: purchase.PurchaseCheckPath,
    replies: { 200: { says: 'The check.', schema: purchase.PurchaseCheckShown } },
    problems: ['unknown-purchase-check', 'no-ledger', 'starting'],
  },
} as const satisfies Record<string, Route>
