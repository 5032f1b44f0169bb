import type { Books, OrderSummary } from '@corridor/protocols/http/scene';
import type { Billed, EndedOrders } from '@corridor/protocols/recording/ended-orders';
import type { RecordedState } from '@corridor/protocols/recording/recorded-state';
import type { RecordedOrder, RecordingHead } from '@corridor/protocols/recording/recording.schema';

/** As many as the scenes of the twin have, live and of the past. */
export const ENDED_ORDERS_SHOWN = 100;

/** The orders of an instant, as the scene has them. */
export interface RecordedOrders {
  readonly views: readonly OrderSummary[];
  /** Order that a truck has under way. */
  underWayOf(truckId: string): string | null;
  /** Orders that wait for a person; null: a recording without orders. */
  readonly abnormal: number | null;
  /** Billed since local midnight; null: a recording without orders. */
  readonly today: Billed | null;
}

export interface OrdersAsked {
  head: RecordingHead;
  state: RecordedState;
  ended: EndedOrders;
  /** Of the run. */
  atMs: number;
  /** Beginning of its local day, of the run. */
  dayFromMs: number;
}

export function recordedOrders({ head, state, ended, atMs, dayFromMs }: OrdersAsked): RecordedOrders {
  const underWay = new Map<string, string>();
  let abnormal = 0;
  for (const { truckId, id, state: name } of state.orders.values()) {
    if (name === 'ABNORMAL') abnormal += 1;
    else underWay.set(truckId, id);
  }
  const hasBooks = head.principals !== null;
  return {
    views: [
      ...ended.until(atMs, ENDED_ORDERS_SHOWN).map((order) => orderView(head, order, null)),
      ...[...state.orders.values()].map((order) => orderView(head, order, stepOf(order, state))),
    ],
    underWayOf: (truckId) => underWay.get(truckId) ?? null,
    abnormal: hasBooks ? abnormal : null,
    today: hasBooks ? billedBetween(ended, dayFromMs, atMs) : null,
  };
}

/** Whole ms: the last one of the day before is the last before it. */
function billedBetween(ended: EndedOrders, fromMs: number, untilMs: number): Billed {
  const [before, until] = [ended.billedUntil(fromMs - 1), ended.billedUntil(untilMs)];
  return { payableFen: until.payableFen - before.payableFen, energyWh: until.energyWh - before.energyWh };
}

/** Of the swap in the bay of the order, while its truck stands there. */
function stepOf({ stationId, bayId, truckId }: RecordedOrder, { stations }: RecordedState): string | null {
  const bay = stations.get(stationId)?.bays.find((_, index) => `${stationId}-B${index + 1}` === bayId);
  return bay?.truckId === truckId ? bay.step : null;
}

function orderView({ startsAtMs }: RecordingHead, order: RecordedOrder, swapState: string | null): OrderSummary {
  const timeOf = (ms: number): string => new Date(startsAtMs + ms).toISOString();
  return {
    id: order.id,
    state: order.state,
    reason: order.reason,
    stationId: order.stationId,
    bayId: order.bayId,
    truckId: order.truckId,
    carrierId: order.carrierId,
    requestId: order.requestId,
    initiation: order.initiation,
    returnPackId: order.returnPackId,
    issuePackId: order.issuePackId,
    quotedFen: order.quotedFen,
    heldFen: order.heldFen,
    payableFen: order.payableFen,
    swapState,
    createdAt: timeOf(order.createdMs),
    updatedAt: timeOf(order.updatedMs),
  };
}

/** Balances and open holds of an instant, as a scene of the past has them; null: a recording without money. */
export function recordedBooks({ principals, startsAtMs }: RecordingHead, { accounts, holds }: RecordedState): Books | null {
  if (principals === null) return null;
  return {
    accounts: [...accounts.values()].toSorted(byText(({ id }) => id)),
    holds: [...holds.values()]
      .map(({ sinceMs, ...hold }) => ({ ...hold, since: new Date(startsAtMs + sinceMs).toISOString() }))
      .toSorted(byText(({ since, orderId }) => `${since} ${orderId}`)),
  };
}

const byText =
  <T>(textOf: (item: T) => string) =>
  (one: T, other: T): number =>
    textOf(one) < textOf(other) ? -1 : 1;

/** null: none of them is known. */
export function sumOrNull(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0);
}
