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
  /** What was asked of payments out, in order. */
  readonly acts: { path: string; body: unknown }[] = [];

  constructor(startMs: number) {
    this.startMs = startMs;
    const failed = { state: 'FAILED' as const, detail: 'the receiver is not known to the provider', statementId: 'ST-1' };
    this.payments.set('payout:ST-1', { ...this.begun('PAYOUT', '52340', 'payout:ST-1'), ...failed, principalId: 'SO1' });
  }

  /** null: not a route of money. */
  answer({ method, path, query, body, principalId }: Asked): Answer | null {
    const ok = (answer: unknown, status = 200): Answer => ({ status, body: answer });
    if (path === '/api/v1/accounts') return ok({ items: this.accountsOf(principalId), nextCursor: null });
    if (/^\/api\/v1\/accounts\/[^/]+\/movements$/.test(path)) return ok(pageOf(this.movements(query), query));
    if (path === '/api/v1/orders' && method === 'GET') return ok(pageOf(this.orders(query), query));
    if (path === '/api/v1/payments/rail') return ok({ channel: 'sandbox', topUpFenMax: '500000000' });
    if (path === '/api/v1/payments/top-ups')
      return this.topUp(JSON.parse(body) as { carrierId: string; amountFen: string; channel: string });
    if (path === '/api/v1/payments/collections') return this.collect(JSON.parse(body) as { statementId: string });
    if (path === '/api/v1/payments') return ok(pageOf(this.listed(query), query));
    if (path === '/api/v1/payments/withdrawals') {
      this.acts.push({ path, body: JSON.parse(body) as unknown });
      return ok(this.begun('WITHDRAWAL', (JSON.parse(body) as { amountFen: string }).amountFen), 201);
    }
    const retried = /^\/api\/v1\/payments\/([^/]+)\/retry$/.exec(path)?.[1];
    if (retried !== undefined) {
      this.acts.push({ path, body: null });
      return ok(this.begun('PAYOUT', '52340', decodeURIComponent(retried)));
    }
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
    const id = `${carrierId}-${this.payments.size}`;
    const payment = this.begun('TOP_UP', amountFen, id);
    Object.assign(payment, { principalId: carrierId, cashierUrl: `/cashier/${id}` });
    return { status: 201, body: payment };
  }

  private collect({ statementId }: { statementId: string }): Answer {
    const payment = this.begun('TOP_UP', '1318', `collect-${statementId}`);
    Object.assign(payment, { principalId: 'BO1', statementId, cashierUrl: `/cashier/${payment.id}` });
    return { status: 201, body: payment };
  }

  /** A payment that was just asked for. */
  private begun(direction: Payment['direction'], amountFen: string, id = `${direction}-${this.payments.size + 1}`): Payment {
    const payment: Payment = {
      id,
      principalId: 'C1',
      direction,
      amountFen,
      state: 'REQUESTED',
      cashierUrl: null,
      statementId: null,
      requestedBy: 'c1',
      requestedAt: new Date(this.startMs).toISOString(),
      expiresAt: new Date(this.startMs + 2 * HOUR_MS).toISOString(),
      paidAt: null,
      settledAt: null,
      providerRef: null,
      detail: null,
    };
    this.payments.set(id, payment);
    return payment;
  }

  private listed(query: URLSearchParams): Payment[] {
    const matches = (value: string, name: string): boolean => [value, null].includes(query.get(name));
    return [...this.payments.values()].filter((each) => matches(each.direction, 'direction') && matches(each.state, 'state')).reverse();
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
