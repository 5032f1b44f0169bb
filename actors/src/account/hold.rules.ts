import { type Fen, fen, ZERO_FEN } from '../ledger/fen.ts';
import { accountOf, type Transfer } from '../ledger/transfer.ts';
import type { Deposit } from './deposit.rules.ts';
import type { CarrierPackage } from './package.rules.ts';
import type { Withdrawal } from './withdrawal.rules.ts';

/** Money of one carrier set aside for one order. */
export interface Hold {
  orderId: string;
  /** 1, and one more with each repair of the order. */
  attempt: number;
  amountFen: Fen;
  driverId: string | null;
}

/** The money of one principal: a carrier's prepaid and held balance, everybody's income. */
export interface Books {
  prepaidFen: Fen;
  /** Sum of `holds` and `withdrawals`. */
  heldFen: Fen;
  /** May be below zero: unused prepaid rent is given back before more is earned. */
  incomeFen: Fen;
  holds: readonly Hold[];
  /** Last holds that were captured or released, so that the same request again is told from a new one. */
  closed: readonly { orderId: string; attempt: number }[];
  /** Last keys of top-ups and of postings, newest last. */
  keys: readonly { key: string; amountFen: Fen }[];
  /** Deposits for energy on board; absent until the first one. */
  deposits?: readonly Deposit[];
  /** How many deposits a truck had, by its id; absent until the first one. */
  depositRounds?: Readonly<Record<string, number>>;
  /** Prepaid packages; absent until the first one. */
  packages?: readonly CarrierPackage[];
  /** Balance on its way back to the carrier; absent until the first one. */
  withdrawals?: readonly Withdrawal[];
  /** Last keys of withdrawals that are over, newest last. */
  endedWithdrawals?: readonly string[];
}

export const emptyBooks: Books = { prepaidFen: ZERO_FEN, heldFen: ZERO_FEN, incomeFen: ZERO_FEN, holds: [], closed: [], keys: [] };

/** How many closed holds and keys are remembered; the ledger's unique keys stand behind them. */
const CLOSED_MAX = 16;
const KEYS_MAX = 32;

/** What becomes of a request to hold, in the order in which it is checked. */
export const HOLD_RESULTS = [
  'exists',
  'exists_with_different_amount',
  'closed_already',
  'amount_is_not_positive',
  'account_blocked',
  'driver_holds_already',
  'exceeds_credits',
  'held',
] as const;
export type HoldResult = (typeof HOLD_RESULTS)[number];

/** What becomes of a request to hold more for an order that holds. */
export const RAISE_RESULTS = ['hold_unknown', 'account_blocked', 'exceeds_credits', 'held'] as const;
export type RaiseResult = (typeof RAISE_RESULTS)[number];

/** What becomes of a capture; an open hold that is too small, with too little balance beside it, stays open. */
export const CAPTURE_RESULTS = ['hold_unknown', 'exceeds_credits', 'captured'] as const;
export type CaptureResult = (typeof CAPTURE_RESULTS)[number];

export const POSTING_RESULTS = ['exists', 'exists_with_different_amount', 'amount_is_not_positive', 'posted'] as const;
export type PostingResult = (typeof POSTING_RESULTS)[number];

/** Whose books, and where the platform clears. */
export interface BooksOwner {
  principalId: string;
  platformId: string;
}

/** A decision: its word, the books after it and the transfers that make it true in the ledger. */
export interface Decision<Result> {
  result: Result;
  books: Books;
  transfers: readonly Transfer[];
}

export function decideHold(owner: BooksOwner, books: Books, ask: Hold, blocked: boolean): Decision<HoldResult> {
  const refuse = (result: HoldResult) => ({ result, books, transfers: [] });
  const known = attemptIn(books.holds, ask);
  if (known !== null) return refuse(known.amountFen === ask.amountFen ? 'exists' : 'exists_with_different_amount');
  if (attemptIn(books.closed, ask) !== null) return refuse('closed_already');
  if (ask.amountFen <= 0n) return refuse('amount_is_not_positive');
  if (blocked) return refuse('account_blocked');
  if (ask.driverId !== null && books.holds.some(({ driverId }) => driverId === ask.driverId)) return refuse('driver_holds_already');
  if (books.prepaidFen < ask.amountFen) return refuse('exceeds_credits');
  const { orderId, attempt, amountFen, driverId } = ask;
  return {
    result: 'held',
    books: {
      ...books,
      prepaidFen: fen(books.prepaidFen - amountFen),
      heldFen: fen(books.heldFen + amountFen),
      holds: [...books.holds, { orderId, attempt, amountFen, driverId }],
    },
    transfers: [holdTransfer(owner, ask, 'hold', 'HOLD', amountFen)],
  };
}

/** Raises a hold to `amountFen` in all; one that is as high stays as it is. */
export function decideRaise(
  owner: BooksOwner,
  books: Books,
  ask: { orderId: string; amountFen: Fen },
  blocked: boolean,
): Decision<RaiseResult> & { heldFen: Fen } {
  const hold = openHold(books, ask.orderId);
  const refuse = (result: RaiseResult) => ({ result, books, transfers: [], heldFen: hold?.amountFen ?? ZERO_FEN });
  if (hold === undefined) return refuse('hold_unknown');
  if (ask.amountFen <= hold.amountFen) return refuse('held');
  if (blocked) return refuse('account_blocked');
  const supplemented = withSupplement(owner, books, hold, ask.amountFen);
  return supplemented === null ? refuse('exceeds_credits') : { result: 'held', heldFen: ask.amountFen, ...supplemented };
}

/** The hold raised to `totalFen` by a supplement from the prepaid balance; null when that is short. */
function withSupplement(owner: BooksOwner, books: Books, hold: Hold, totalFen: Fen): { books: Books; transfers: Transfer[] } | null {
  const supplementFen = fen(totalFen - hold.amountFen);
  if (supplementFen > books.prepaidFen) return null;
  return {
    books: {
      ...books,
      prepaidFen: fen(books.prepaidFen - supplementFen),
      heldFen: fen(books.heldFen + supplementFen),
      holds: books.holds.map((each) => (each === hold ? { ...hold, amountFen: totalFen } : each)),
    },
    // The total only grows, so that each supplement has a key of its own.
    transfers: [holdTransfer(owner, hold, `hold-to-${totalFen}`, 'HOLD', supplementFen)],
  };
}

/**
 * Takes the payable amount out of the hold and gives the rest back, in one decision. What the hold does not cover is held
 * first, from the balance: the packs have changed hands, and what was measured is owed, by a blocked account too. Nothing is
 * taken for an order that is paid to the carrier: then the whole hold goes back and the refund follows in clearing.
 */
export function decideCapture(
  owner: BooksOwner,
  books: Books,
  ask: { orderId: string; amountFen: Fen },
): Decision<CaptureResult> & { capturedFen: Fen; releasedFen: Fen } {
  const first = openHold(books, ask.orderId);
  const nothing = { capturedFen: ZERO_FEN, releasedFen: ZERO_FEN, books, transfers: [] };
  if (first === undefined) return { result: 'hold_unknown', ...nothing };
  const isShort = ask.amountFen > first.amountFen;
  const covered = isShort ? withSupplement(owner, books, first, ask.amountFen) : { books, transfers: [] };
  if (covered === null) return { result: 'exceeds_credits', ...nothing };
  const hold = isShort ? { ...first, amountFen: ask.amountFen } : first;
  const capturedFen = ask.amountFen > 0n ? ask.amountFen : ZERO_FEN;
  const releasedFen = fen(hold.amountFen - capturedFen);
  const transfers: Transfer[] = [...covered.transfers];
  if (capturedFen > 0n) transfers.push(holdTransfer(owner, hold, 'expense', 'SWAP_EXPENSE', capturedFen));
  if (releasedFen > 0n) transfers.push(holdTransfer(owner, hold, 'release', 'RELEASE', releasedFen));
  return { result: 'captured', capturedFen, releasedFen, books: withoutHold(covered.books, hold, releasedFen), transfers };
}

/** Gives a whole hold back. One that is not open changes nothing. */
export function decideRelease(owner: BooksOwner, books: Books, orderId: string): Decision<'hold_unknown' | 'released'> {
  const hold = openHold(books, orderId);
  if (hold === undefined) return { result: 'hold_unknown', books, transfers: [] };
  const transfer = holdTransfer(owner, hold, 'release', 'RELEASE', hold.amountFen);
  return { result: 'released', books: withoutHold(books, hold, hold.amountFen), transfers: [transfer] };
}

/** Money that a payment rail confirmed as paid in: into the balance of a carrier; of another one, into the income that was below zero. */
export function decideTopUp(
  owner: BooksOwner,
  books: Books,
  ask: { key: string; amountFen: Fen; channel: string; isCollection?: boolean },
): Decision<PostingResult> {
  const isCollection = ask.isCollection === true;
  const key = isCollection ? ask.key : `topup:${owner.principalId}:${ask.key}`;
  const result = postingResult(books, key, ask.amountFen);
  if (result !== 'posted') return { result, books, transfers: [] };
  if (ask.amountFen <= 0n) return { result: 'amount_is_not_positive', books, transfers: [] };
  return {
    result,
    books: {
      ...remember(books, key, ask.amountFen),
      ...(isCollection ? { incomeFen: fen(books.incomeFen + ask.amountFen) } : { prepaidFen: fen(books.prepaidFen + ask.amountFen) }),
    },
    transfers: [
      {
        key,
        kind: 'TOP_UP',
        debitAccountId: accountOf.rail(ask.channel),
        creditAccountId: isCollection ? accountOf.income(owner.principalId) : accountOf.prepaid(owner.principalId),
        amountFen: ask.amountFen,
        orderId: null,
      },
    ],
  };
}

/** Money that a payment rail moved out to a principal: his income goes down by it, below zero too, for it is gone already. */
export function decidePayOut(
  owner: BooksOwner,
  books: Books,
  ask: { key: string; amountFen: Fen; channel: string },
): Decision<PostingResult> {
  const key = `payout:${ask.key}`;
  const result = postingResult(books, key, ask.amountFen);
  if (result !== 'posted') return { result, books, transfers: [] };
  if (ask.amountFen <= 0n) return { result: 'amount_is_not_positive', books, transfers: [] };
  return {
    result,
    books: { ...remember(books, key, ask.amountFen), incomeFen: fen(books.incomeFen - ask.amountFen) },
    transfers: [
      {
        key,
        kind: 'SETTLEMENT_OUT',
        debitAccountId: accountOf.income(owner.principalId),
        creditAccountId: accountOf.rail(ask.channel),
        amountFen: ask.amountFen,
        orderId: null,
      },
    ],
  };
}

/** Clearing of an order reaches its principal; the transfers are the order's. A carrier is refunded to its prepaid balance. */
export function decidePosting(books: Books, ask: { key: string; amountFen: Fen }, isCarrier: boolean): Decision<PostingResult> {
  const result = postingResult(books, ask.key, ask.amountFen);
  if (result !== 'posted') return { result, books, transfers: [] };
  const balance = isCarrier ? { prepaidFen: fen(books.prepaidFen + ask.amountFen) } : { incomeFen: fen(books.incomeFen + ask.amountFen) };
  return { result, books: { ...remember(books, ask.key, ask.amountFen), ...balance }, transfers: [] };
}

/** Without closures: every swap asks for the holds of a carrier, which has one for each truck in a bay. */
function openHold(books: Books, ofOrderId: string): Hold | undefined {
  for (const hold of books.holds) if (hold.orderId === ofOrderId) return hold;
  return undefined;
}

function attemptIn<T extends { orderId: string; attempt: number }>(
  known: readonly T[],
  ask: { orderId: string; attempt: number },
): T | null {
  for (const each of known) if (each.attempt === ask.attempt && each.orderId === ask.orderId) return each;
  return null;
}

function withoutHold(books: Books, hold: Hold, releasedFen: Fen): Books {
  return {
    ...books,
    prepaidFen: fen(books.prepaidFen + releasedFen),
    heldFen: fen(books.heldFen - hold.amountFen),
    holds: books.holds.filter(({ orderId }) => orderId !== hold.orderId),
    closed: withNewest(books.closed, { orderId: hold.orderId, attempt: hold.attempt }, CLOSED_MAX),
  };
}

/** Without a closure: each swap asks a dozen times. */
function postingResult(books: Books, key: string, amountFen: Fen): PostingResult {
  for (const known of books.keys) if (known.key === key) return known.amountFen === amountFen ? 'exists' : 'exists_with_different_amount';
  return 'posted';
}

const remember = (books: Books, key: string, amountFen: Fen): Books => ({
  ...books,
  keys: withNewest(books.keys, { key, amountFen }, KEYS_MAX),
});

/** The last ones with one more, copied once: a swap does it eight times. */
function withNewest<T>(known: readonly T[], newest: T, most: number): T[] {
  if (known.length < most) return [...known, newest];
  const last = known.slice(known.length - most);
  last.shift();
  last.push(newest);
  return last;
}

function holdTransfer(
  { principalId, platformId }: BooksOwner,
  { orderId, attempt }: { orderId: string; attempt: number },
  name: 'hold' | `hold-to-${bigint}` | 'expense' | 'release',
  kind: 'HOLD' | 'SWAP_EXPENSE' | 'RELEASE',
  amountFen: Fen,
): Transfer {
  const [prepaid, held] = [accountOf.prepaid(principalId), accountOf.held(principalId)];
  const credit = { HOLD: held, SWAP_EXPENSE: accountOf.clearing(platformId), RELEASE: prepaid };
  return {
    key: `order:${orderId}:${name}${attempt === 1 ? '' : `:${attempt}`}`,
    kind,
    debitAccountId: kind === 'HOLD' ? prepaid : held,
    creditAccountId: credit[kind],
    amountFen,
    orderId,
  };
}
