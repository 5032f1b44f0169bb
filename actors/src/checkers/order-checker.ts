import type { Effect, OrderRow, OrderState } from '../network/effect.ts';

/** States in which nothing more happens by itself. */
const ENDED: readonly OrderState[] = ['CLEARED', 'SETTLED', 'REJECTED', 'CANCELLED', 'ABNORMAL', 'REPAIRED', 'WRITTEN_OFF'];
export const isEnded = (state: OrderState) => ENDED.includes(state);

/** Where an order may go from each state. */
const AFTER: Readonly<Record<OrderState, readonly OrderState[]>> = {
  CREATED: ['QUOTED', 'REJECTED', 'CANCELLED', 'MEASURED', 'ABNORMAL', 'IN_PROGRESS', 'HELD'],
  QUOTED: ['HELD', 'REJECTED', 'CANCELLED', 'ABNORMAL'],
  HELD: ['IN_PROGRESS', 'MEASURED', 'CANCELLED', 'REJECTED', 'ABNORMAL'],
  IN_PROGRESS: ['MEASURED', 'CANCELLED', 'REJECTED', 'ABNORMAL', 'BILLED'],
  MEASURED: ['BILLED', 'ABNORMAL'],
  BILLED: ['CLEARED', 'ABNORMAL'],
  CLEARED: ['SETTLED'],
  SETTLED: [],
  REJECTED: [],
  CANCELLED: [],
  ABNORMAL: ['REPAIRED', 'WRITTEN_OFF', 'MEASURED', 'BILLED', 'CLEARED'],
  REPAIRED: [],
  WRITTEN_OFF: [],
};

export interface OrderHistory {
  states: OrderState[];
  last: OrderRow;
  bills: number;
}

export function orderHistories(effects: Iterable<Effect>): Map<string, OrderHistory> {
  const histories = new Map<string, OrderHistory>();
  for (const effect of effects) {
    if (effect.type === 'order.changed') {
      const { order } = effect;
      const known = histories.get(order.orderId);
      if (known === undefined) histories.set(order.orderId, { states: [order.state], last: order, bills: 0 });
      else {
        if (known.states.at(-1) !== order.state) known.states.push(order.state);
        known.last = order;
      }
    }
    if (effect.type === 'order.billed') {
      const known = histories.get(effect.orderId);
      if (known) known.bills += 1;
    }
  }
  return histories;
}

/**
 * Every order goes only where it may, is billed at most once, says why when it is abnormal, and, when the run is over, has
 * ended; bills add up.
 * @returns one line for each fault
 */
export function orderFindings(effects: readonly Effect[], options: { allOrdersEnded: boolean }): string[] {
  const findings: string[] = [];
  for (const effect of effects) {
    if (effect.type !== 'order.billed') continue;
    const { lines, shares, payableFen } = effect.bill;
    const lineSum = lines.reduce((sum, { amountFen }) => sum + amountFen, 0n);
    const netSum = shares.reduce((sum, { netFen }) => sum + netFen, 0n);
    if (lineSum !== payableFen) findings.push(`${effect.orderId}: lines sum to ${lineSum}, payable is ${payableFen}`);
    if (netSum !== payableFen) findings.push(`${effect.orderId}: shares sum to ${netSum}, payable is ${payableFen}`);
  }
  for (const [orderId, { states, last, bills }] of orderHistories(effects)) {
    for (const [index, state] of states.entries()) {
      const next = states[index + 1];
      if (next !== undefined && !AFTER[state].includes(next)) findings.push(`${orderId} went from ${state} to ${next}`);
    }
    if (bills > 1) findings.push(`${orderId} is billed ${bills} times`);
    if (last.state === 'CLEARED' && bills !== 1) findings.push(`${orderId} is cleared with ${bills} bills`);
    if (last.state === 'ABNORMAL' && !last.reason) findings.push(`${orderId} is abnormal without a reason`);
    if (last.state === 'REJECTED' && !last.reason) findings.push(`${orderId} is rejected without a reason`);
    if (options.allOrdersEnded && !isEnded(last.state)) findings.push(`${orderId} is left ${last.state}`);
  }
  return findings;
}

export interface SwapEvidence {
  stationId: string;
  requestId: number;
  /** Whether a pack was handed over in it. */
  packsMoved: boolean;
}

/**
 * Every swap in which packs moved ends as exactly one bill or one abnormal order with a reason; one that ended before, as
 * at most one order, refused or cancelled or abnormal.
 */
export function swapFindings(swaps: Iterable<SwapEvidence>, effects: readonly Effect[]): string[] {
  const findings: string[] = [];
  const bySwap = new Map<string, OrderRow[]>();
  for (const { last } of orderHistories(effects).values()) {
    const key = `${last.stationId}-${last.requestId}`;
    bySwap.set(key, [...(bySwap.get(key) ?? []), last]);
  }
  for (const { stationId, requestId, packsMoved } of swaps) {
    const orders = bySwap.get(`${stationId}-${requestId}`) ?? [];
    const closing = orders.filter(
      ({ state }) => state === 'CLEARED' || state === 'ABNORMAL' || state === 'REPAIRED' || state === 'WRITTEN_OFF',
    );
    const said = orders.map(({ orderId, state, reason }) => `${orderId} ${state} ${reason}`).join('; ') || 'nothing';
    if (packsMoved && closing.length !== 1) findings.push(`swap ${stationId}-${requestId} moved packs and ended as ${said}`);
    if (!packsMoved && closing.length > 1) findings.push(`swap ${stationId}-${requestId} ended as ${said}`);
  }
  return findings;
}
