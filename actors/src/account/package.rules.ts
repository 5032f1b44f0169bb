import type { PackageOffer } from '@corridor/protocols/agreement/billing';
import { assert } from '@corridor/protocols/assert';
import { type Fen, fen, ZERO_FEN } from '../ledger/fen.ts';
import { accountOf, type Transfer } from '../ledger/transfer.ts';
import type { PackageDraw } from '../order/bill.ts';
import { drawOf } from '../rating/mode-charge.ts';
import type { PackageGrant } from '../rating/swap-usage.ts';
import type { Books, BooksOwner, Decision } from './hold.rules.ts';

const DAY_MS = 86_400_000;
const EMPTY_MAX = 32;

/** Prepaid quantity of a carrier and the deferred money that belongs to it; what open orders were granted is still in it. */
export interface CarrierPackage {
  packageId: string;
  offerId: string;
  issuerId: string;
  unit: 'Wh' | 'swap';
  /** >= 0 */
  quantity: bigint;
  /** >= 0 */
  amountFen: Fen;
  expiresAtMs: number;
  grants: readonly { orderId: string; quantity: bigint; amountFen: Fen }[];
}

/** What becomes of a purchase, in the order in which it is checked. */
export const PURCHASE_RESULTS = ['exists', 'exists_with_different_offer', 'account_blocked', 'exceeds_credits', 'bought'] as const;
export type PurchaseResult = (typeof PURCHASE_RESULTS)[number];

export const packagesOf = (books: Pick<Books, 'packages'>): readonly CarrierPackage[] => books.packages ?? [];
export const packagedFen = (books: Books): Fen => fen(packagesOf(books).reduce((sum, { amountFen }) => sum + amountFen, 0n));

/** Carrier prepaid -> package: the money is the issuer's only as it is used, or when the rest expires. */
export function decidePurchase(
  owner: BooksOwner,
  books: Books,
  ask: { packageId: string; offer: PackageOffer; issuerId: string; atMs: number },
  blocked: boolean,
): Decision<PurchaseResult> {
  const { packageId, offer, issuerId, atMs } = ask;
  const refuse = (result: PurchaseResult) => ({ result, books, transfers: [] });
  const known = packagesOf(books).find((each) => each.packageId === packageId);
  if (known) return refuse(known.offerId === offer.id ? 'exists' : 'exists_with_different_offer');
  if (blocked) return refuse('account_blocked');
  const amountFen = fen(BigInt(offer.priceFen));
  if (amountFen > books.prepaidFen) return refuse('exceeds_credits');
  const bought: CarrierPackage = {
    packageId,
    offerId: offer.id,
    issuerId,
    unit: offer.unit,
    quantity: BigInt(offer.quantity),
    amountFen,
    expiresAtMs: atMs + offer.validDays * DAY_MS,
    grants: [],
  };
  const [from, to] = [accountOf.prepaid(owner.principalId), accountOf.package(owner.principalId)];
  return {
    result: 'bought',
    books: { ...books, prepaidFen: fen(books.prepaidFen - amountFen), packages: [...packagesOf(books), bought] },
    transfers: [packageTransfer(purchaseKey(owner, packageId), 'PACKAGE_PURCHASE', [from, to], amountFen)],
  };
}

/**
 * Keeps part of a package for an order: of the issuer's packages in force with something left, the one that expires first.
 * The same order again gets the same. @param wantedWh net energy of the swap with its margin   @returns grant null: none
 */
export function decideGrant(
  books: Books,
  ask: { orderId: string; issuerId: string; wantedWh: bigint; atMs: number },
): { books: Books; grant: PackageGrant | null } {
  const { orderId, issuerId, wantedWh, atMs } = ask;
  const packages = packagesOf(books);
  for (const each of packages) {
    const known = each.grants.find((grant) => grant.orderId === orderId);
    if (known)
      return { books, grant: { packageId: each.packageId, unit: each.unit, quantity: known.quantity, amountFen: known.amountFen } };
  }
  const [first] = packages
    .filter((each) => each.issuerId === issuerId && each.expiresAtMs > atMs && freeOf(each).quantity > 0n)
    .toSorted((one, other) => one.expiresAtMs - other.expiresAtMs);
  const wanted = first?.unit === 'swap' ? 1n : wantedWh;
  if (first === undefined || wanted <= 0n) return { books, grant: null };
  const free = freeOf(first);
  const quantity = wanted < free.quantity ? wanted : free.quantity;
  const amountFen = drawOf(free, quantity);
  const granted = { ...first, grants: [...first.grants, { orderId, quantity, amountFen }] };
  return {
    books: { ...books, packages: packages.map((each) => (each === first ? granted : each)) },
    grant: { packageId: first.packageId, unit: first.unit, quantity, amountFen },
  };
}

const freeOf = ({ quantity, amountFen, grants }: CarrierPackage) => ({
  quantity: quantity - grants.reduce((sum, grant) => sum + grant.quantity, 0n),
  amountFen: fen(amountFen - grants.reduce((sum, grant) => sum + grant.amountFen, 0n)),
});

/** Ends the grant of an order: what it used goes to clearing, the rest is free again. @throws InvariantError on more than granted */
export function settleGrant(
  owner: BooksOwner,
  books: Books,
  { orderId, draw }: { orderId: string; draw: PackageDraw | null },
): { books: Books; transfers: Transfer[] } {
  const holder = packagesOf(books).find(({ grants }) => grants.some((grant) => grant.orderId === orderId));
  const grant = holder?.grants.find((each) => each.orderId === orderId);
  if (holder === undefined || grant === undefined) {
    assert(draw === null, `order ${orderId} draws of a package that was not granted`);
    return { books, transfers: [] };
  }
  const [quantity, amountFen] = draw === null ? [0n, ZERO_FEN] : [draw.quantity, draw.amountFen];
  assert(quantity <= grant.quantity && amountFen <= grant.amountFen, `order ${orderId} draws more than it was granted`);
  const left: CarrierPackage = {
    ...holder,
    quantity: holder.quantity - quantity,
    amountFen: fen(holder.amountFen - amountFen),
    grants: holder.grants.filter((each) => each !== grant),
  };
  const [from, to] = [accountOf.package(owner.principalId), accountOf.clearing(owner.platformId)];
  return {
    books: { ...books, packages: packagesOf(books).map((each) => (each === holder ? left : each)) },
    transfers: amountFen === 0n ? [] : [packageTransfer(`order:${orderId}:package`, 'SWAP_EXPENSE', [from, to], amountFen, orderId)],
  };
}

/** Packages that are over and that no open order uses: what is left of their money is the issuers' income. */
export function decideExpiry(
  owner: BooksOwner,
  books: Books,
  atMs: number,
): { books: Books; transfers: Transfer[]; expired: readonly CarrierPackage[] } {
  const isOver = ({ expiresAtMs, grants, quantity, amountFen }: CarrierPackage) =>
    expiresAtMs <= atMs && grants.length === 0 && (quantity > 0n || amountFen > 0n);
  const expired = packagesOf(books).filter(isOver);
  if (expired.length === 0) return { books, transfers: [], expired };
  const transfers = expired
    .filter(({ amountFen }) => amountFen > 0n)
    .map(({ packageId, issuerId, amountFen }) => {
      const [from, to] = [accountOf.package(owner.principalId), accountOf.income(issuerId)];
      return packageTransfer(expiryKey(owner, packageId), 'PACKAGE_EXPIRY', [from, to], amountFen);
    });
  const left = packagesOf(books).map((each) => (expired.includes(each) ? { ...each, quantity: 0n, amountFen: ZERO_FEN } : each));
  return { books: { ...books, packages: withoutOldest(left) }, transfers, expired };
}

/** Nothing is left of it, and no order may still draw of it. */
export const isUsedUp = ({ quantity, amountFen, grants }: CarrierPackage): boolean =>
  quantity === 0n && amountFen === 0n && grants.length === 0;

/** Used up or over, the last ones stay, so that the same purchase again is told from a new one. */
function withoutOldest(packages: readonly CarrierPackage[]): readonly CarrierPackage[] {
  const empty = packages.filter(isUsedUp);
  const forgotten = empty.slice(0, Math.max(0, empty.length - EMPTY_MAX));
  return packages.filter((each) => !forgotten.includes(each));
}

/** Of the transfer that pays for it: once in the ledger, also when the books have forgotten the package. */
export const purchaseKey = ({ principalId }: Pick<BooksOwner, 'principalId'>, packageId: string) => `package:${principalId}:${packageId}`;
export const expiryKey = ({ principalId }: BooksOwner, packageId: string) => `package:${principalId}:${packageId}:expiry`;

const packageTransfer = (
  key: string,
  kind: Transfer['kind'],
  [debitAccountId, creditAccountId]: readonly [string, string],
  amountFen: Fen,
  orderId: string | null = null,
): Transfer => ({ key, kind, debitAccountId, creditAccountId, amountFen, orderId });
