import type { OrderSummary } from '@corridor/protocols/http/scene';
import type { CarrierPackage, Charge, PackageOffer } from '../src/feed/charge-api.ts';
import { QUOTED_SOC } from './fixture-driver.ts';
import { sceneAt } from './fixture-scene.ts';

interface Answer {
  status: number;
  body: unknown;
}
interface Asked {
  method: string;
  path: string;
  body: string;
}

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const OFFER: PackageOffer = {
  id: 'KWH-10000',
  name: '10,000 kWh',
  carrierId: 'C1',
  issuerId: 'BO1',
  unit: 'Wh',
  quantity: 10_000_000,
  priceFen: '1200000',
  validDays: 30,
};

/** Packages, charges beside swaps, and swaps ordered from the road, as the twin would answer. */
export class FixtureCharges {
  /** What was asked to be done, in order. */
  readonly acts: { path: string; body: unknown }[] = [];
  private readonly startMs: number;
  private readonly bought: CarrierPackage[] = [];

  /** The order that was asked for last; null: none was. */
  private ordered: OrderSummary | null = null;

  constructor(startMs: number) {
    this.startMs = startMs;
  }

  /** null: not a route of these. */
  answer({ method, path, body }: Asked): Answer | null {
    if (path === '/api/v1/charges') return { status: 200, body: { items: [this.charge()], nextCursor: null } };
    if (path === `/api/v1/charges/${encodeURIComponent(this.charge().id)}`) return { status: 200, body: this.charge() };
    if (path === '/api/v1/packages' && method === 'GET') return { status: 200, body: { items: this.bought, offers: [OFFER] } };
    if (path === '/api/v1/orders/O-NEW' && method === 'GET' && this.ordered !== null)
      return {
        status: 200,
        body: { ...this.ordered, quote: null, quotedSoc: QUOTED_SOC, keptUntil: new Date(this.startMs + 2 * HOUR_MS).toISOString() },
      };
    if (method !== 'POST' || !/^\/api\/v1\/(packages$|orders$|orders\/[^/]+\/(confirm|cancel)$)/.test(path)) return null;
    this.acts.push({ path, body: body === '' ? null : (JSON.parse(body) as unknown) });
    if (path === '/api/v1/packages') return { status: 201, body: this.buy() };
    const asked = (JSON.parse(body === '' ? '{}' : body) ?? {}) as Partial<OrderSummary>;
    this.ordered = { ...(this.ordered ?? this.order()), ...this.become(path, asked) };
    return { status: 201, body: this.ordered };
  }

  private buy(): CarrierPackage {
    const expiresAt = new Date(this.startMs + OFFER.validDays * DAY_MS).toISOString();
    const quantity = String(OFFER.quantity);
    const { carrierId, issuerId, unit, priceFen } = OFFER;
    this.bought.push({ id: 'first', carrierId, offerId: OFFER.id, issuerId, unit, quantity, granted: '0', amountFen: priceFen, expiresAt });
    return this.bought[0] as CarrierPackage;
  }

  private order(): OrderSummary {
    const [order] = sceneAt(this.startMs, 1).orders;
    if (order === undefined) throw new Error('the scene has no order');
    return { ...order, id: 'O-NEW', initiation: 'REMOTE', bayId: null, swapState: null };
  }

  /** What an act makes of the order that was asked for last. */
  private become(path: string, { stationId, truckId }: Partial<OrderSummary>): Partial<OrderSummary> {
    if (path.endsWith('/confirm')) return { state: 'HELD', heldFen: '31000' };
    if (path.endsWith('/cancel')) return { state: 'CANCELLED', reason: 'CANCELLED_BY_PLATFORM' };
    return { state: 'QUOTED', heldFen: null, reason: null, ...(stationId && { stationId }), ...(truckId && { truckId }) };
  }

  private charge(): Charge {
    return {
      id: 'no-show:O-PAST-1',
      kind: 'NO_SHOW',
      carrierId: 'C1',
      truckId: 'T001',
      stationId: 'HH1',
      orderId: 'O-PAST-1',
      contractId: 'CT-C1',
      bookedAt: new Date(this.startMs).toISOString(),
      lines: [
        {
          lineNo: 1,
          component: 'PENALTY',
          description: 'Penalty, NO_SHOW',
          amountFen: '5000',
          taxRateBasisPoints: 600,
          beneficiaryId: 'SO1',
          derivation: 'a pack was kept, and the truck did not come: 50.00 yuan; contract CT-C1',
        },
      ],
      corrections: [
        {
          id: 'dispute:D-0',
          bookedAt: new Date(this.startMs).toISOString(),
          reason: 'it came at last',
          lines: [{ ofLineNo: 1, amountFen: '-2000', derivation: '50.00 + (-20.00) = 30.00 yuan; it came at last' }],
        },
      ],
    };
  }
}
