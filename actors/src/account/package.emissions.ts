import type { Emitted } from '../network/effect.ts';
import { effect, tell } from '../network/outgoing.ts';
import type { Surroundings } from '../network/reference.ts';
import { localDateOf } from '../tariff/local-time.ts';
import { type AccountContext, type AccountEventOf, isCarrier, type Outcome, ownerOf, posted } from './account.rules.ts';
import { decideExpiry, decideGrant, decidePurchase, expiryKey, type PurchaseResult } from './package.rules.ts';

const CODE_OF_PURCHASE: Record<PurchaseResult, string> = {
  bought: 'PACKAGE_BOUGHT',
  exists: 'PACKAGE_BOUGHT',
  exists_with_different_offer: 'KEY_USED_WITH_OTHER_OFFER',
  account_blocked: 'ACCOUNT_BLOCKED',
  exceeds_credits: 'NO_CREDIT',
};

/** Buys an offer of the contract in force: its issuer and price are those of that day. */
export function onPackageBought(
  context: AccountContext,
  event: AccountEventOf<'account.packageBought'>,
  surroundings: Surroundings,
): Outcome {
  const { packageId, offerId, intentId, atMs } = event;
  const answered = (ok: boolean, code: string, detail: string): Emitted[] =>
    intentId === null ? [] : [effect({ type: 'intent.answered', atMs, intentId, ok, code, detail, orderId: null })];
  const refuse = (code: string, detail: string): Outcome => ({ books: context.books, emitted: answered(false, code, detail) });
  if (!isCarrier(context, surroundings)) return refuse('NOT_A_CARRIER', `${context.principalId} has no prepaid account`);
  const contract = surroundings.reference.contractOf(context.principalId, localDateOf(atMs));
  const billing = contract?.billing?.mode === 'PACKAGE' ? contract.billing : null;
  const offer = billing?.offers.find(({ id }) => id === offerId);
  if (billing === null || offer === undefined) return refuse('OFFER_UNKNOWN', `no contract in force offers ${offerId}`);
  const ask = { packageId, offer, issuerId: billing.issuerId, atMs };
  const decision = decidePurchase(ownerOf(context, surroundings), context.books, ask, context.blockedReason !== null);
  const ok = decision.result === 'bought' || decision.result === 'exists';
  const detail = `package ${packageId}: ${decision.result.replaceAll('_', ' ')}`;
  return { books: decision.books, emitted: [...posted(decision, atMs), ...answered(ok, CODE_OF_PURCHASE[decision.result], detail)] };
}

/** Always answered, also with nothing: the order then goes on per kWh. */
export function onPackageRequested(context: AccountContext, event: AccountEventOf<'account.packageRequested'>): Outcome {
  const { books, grant } = decideGrant(context.books, event);
  return { books, emitted: [tell('order', event.orderId, { type: 'order.packageGranted', atMs: event.atMs, grant })] };
}

export function onPackagesExpired(
  context: AccountContext,
  { atMs }: AccountEventOf<'account.packagesExpired'>,
  surroundings: Surroundings,
): Outcome {
  const owner = ownerOf(context, surroundings);
  const { books, transfers, expired } = decideExpiry(owner, context.books, atMs);
  const paid = expired
    .filter(({ amountFen }) => amountFen > 0n)
    .map(({ packageId, issuerId, amountFen }) =>
      tell('account', issuerId, { type: 'account.posted', atMs, key: expiryKey(owner, packageId), amountFen }),
    );
  return { books, emitted: [...posted({ result: 'expired', books, transfers }, atMs), ...paid] };
}
