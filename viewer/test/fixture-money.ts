import type { Account, Movement, PageOf, Payment } from '../src/feed/money-api.ts';
import { sceneAt } from './fixture-scene.ts';

interface Answer {
  status: number;
  body: unknown;
}
interface Asked {
  method: string;
  path: string;
  query: URLSearchParams;
  body: string;
  /** Whose token was sent. */
  principalId: string;
}

const KINDS: readonly (readonly [kind: string, counter: string, fen: bigint])[] = [
  ['TOP_UP', 'RAIL_sandbox', 2_000_000n],
  ['HOLD', 'C1_held', -37_500n],
  ['RELEASE', 'C1_held', 3_443n],
  ['SWAP_EXPENSE', 'PF_clearing', -34_057n],
  ['ENERGY_DEPOSIT', 'C1_deposit', -500_000n],
  ['REFUND', 'PF_clearing', 1_250n],
];
const MOVEMENTS = 120;
const HOUR_MS = 3_600_000;

/** The money side of the fixture: accounts whose movements are paged and filtered, orders, and a cashier that pays when asked. */
export class FixtureMoney {
  private readonly startMs: number;
  private readonly payments = new Map<string, Payment>();
  private prepaidFen = 1_843_221n;

  constructor(startMs: number) {
    this.startMs = startMs;
  }

  /** null: not a route of money. */
  answer({ method, path, query, body, principalId }: Asked): Answer | null {
    const ok = (answer: unknown): Answer => ({ status: 200, body: answer });
    if (path === '/api/v1/accounts') return ok({ items: this.accountsOf(principalId), nextCursor: null });
    if (/^\/api\/v1\/accounts\/[^/]+\/movements$/.test(path)) return ok(pageOf(this.movements(query), query));
    if (path === '/api/v1/orders' && method === 'GET') return ok(pageOf(this.orders(query), query));
    if (path === '/api/v1/payments/top-ups')
      return this.topUp(JSON.parse(body) as { carrierId: string; amountFen: string; channel: string });
    const payment = this.payments.get(/^\/api\/v1\/payments\/([^/]+)$/.exec(path)?.[1] ?? '');
    return payment === undefined ? null : ok(payment);
  }

  /** What the customer does at the cashier. */
  pay(paymentId: string): void {
    const payment = this.payments.get(paymentId);
    if (payment?.state !== 'REQUESTED') throw new Error(`${paymentId} is not open`);
    this.payments.set(paymentId, { ...payment, state: 'CONFIRMED', cashierUrl: null, paidAt: new Date(this.startMs).toISOString() });
    this.prepaidFen += BigInt(payment.amountFen);
  }

  private accountsOf(principalId: string): Account[] {
    const account = (principal: string, kind: string, balanceFen: bigint): Account => ({
      id: `${principal}_${kind.toLowerCase()}`,
      principalId: principal,
      kind,
      balanceFen: balanceFen.toString(),
    });
    const carrier = [account('C1', 'DEPOSIT', 500_000n), account('C1', 'HELD', 112_500n), account('C1', 'PREPAID', this.prepaidFen)];
    if (principalId === 'C1') return carrier;
    const rail = { id: 'RAIL_sandbox', principalId: null, kind: 'RAIL', balanceFen: '-4000000' };
    return [...carrier, account('PF', 'CLEARING', 0n), account('PF', 'INCOME', 96_120n), rail];
  }

  private movements(query: URLSearchParams): Movement[] {
    const all = Array.from({ length: MOVEMENTS }, (_, i): Movement => {
      const [kind, counterAccountId, amountFen] = KINDS[i % KINDS.length] ?? ['TOP_UP', 'RAIL_sandbox', 1n];
      const orderId = ['HOLD', 'RELEASE', 'SWAP_EXPENSE'].includes(kind) ? `O-PAST-${i}` : null;
      const at = new Date(this.startMs - i * HOUR_MS).toISOString();
      return { no: String(MOVEMENTS - i), at, kind, key: `fixture:${i}`, counterAccountId, amountFen: amountFen.toString(), orderId };
    });
    return all.filter(({ kind, at }) => [kind, ''].includes(query.get('kind') ?? '') && isWithin(at, query));
  }

  private orders(query: URLSearchParams) {
    const { orders } = sceneAt(this.startMs, 1);
    const state = query.get('state');
    return orders.filter((order) => (state === null || order.state === state) && isWithin(order.createdAt, query));
  }

  private topUp({ carrierId, amountFen, channel }: { carrierId: string; amountFen: string; channel: string }): Answer {
    if (channel !== 'sandbox')
      return { status: 422, body: { status: 422, code: 'CHANNEL_UNAVAILABLE', title: 'payments pass sandbox here' } };
    const id = `${carrierId}-${this.payments.size + 1}`;
    const payment: Payment = {
      id,
      principalId: carrierId,
      amountFen,
      state: 'REQUESTED',
      cashierUrl: `/cashier/${id}`,
      requestedAt: new Date(this.startMs).toISOString(),
      expiresAt: new Date(this.startMs + 2 * HOUR_MS).toISOString(),
      paidAt: null,
      detail: null,
    };
    this.payments.set(id, payment);
    return { status: 201, body: payment };
  }
}

function isWithin(at: string, query: URLSearchParams): boolean {
  const [from, until] = [query.get('from'), query.get('until')];
  return (from === null || at >= from) && (until === null || at < until);
}

function pageOf<T>(all: readonly T[], query: URLSearchParams): PageOf<T> {
  const start = Number(query.get('cursor') ?? '0');
  const end = start + Number(query.get('limit') ?? '50');
  return { items: all.slice(start, end), nextCursor: end < all.length ? String(end) : null };
}
