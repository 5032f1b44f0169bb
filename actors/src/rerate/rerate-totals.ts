import type { BillAmounts } from '../order/bill.ts';

/** An order as it was billed. */
export interface BilledOrder {
  orderId: string;
  stationId: string;
  truckId: string;
  carrierId: string;
  payableFen: bigint;
  /** Net share of each principal; several of one are added. */
  nets: readonly { principalId: string; netFen: bigint }[];
}

/** Amounts before and after; of a party what it gets (a carrier's is negative), of a station or truck what was paid there. */
export interface RerateRow {
  kind: 'PARTY' | 'STATION' | 'TRUCK';
  id: string;
  orders: number;
  beforeFen: bigint;
  afterFen: bigint;
}

/** Who would have gained and who lost. Over all parties nothing is gained: carriers pay what the others get. */
export class RerateTotals {
  readonly #rows = new Map<string, RerateRow>();
  /** Orders that could not be rated under the drafts, by reason; they are in no sum. */
  readonly refused = new Map<string, number>();
  orders = 0;

  add(before: BilledOrder, after: BillAmounts): void {
    this.orders += 1;
    const parties = new Map<string, [bigint, bigint]>();
    const party = (id: string, wasFen: bigint, isFen: bigint) => {
      const [was, is] = parties.get(id) ?? [0n, 0n];
      parties.set(id, [was + wasFen, is + isFen]);
    };
    party(before.carrierId, 0n - before.payableFen, 0n - after.payableFen);
    for (const { principalId, netFen } of before.nets) party(principalId, netFen, 0n);
    for (const { principalId, netFen } of after.shares) party(principalId, 0n, netFen);
    for (const [id, [was, is]] of parties) this.#count('PARTY', id, was, is);
    this.#count('STATION', before.stationId, before.payableFen, after.payableFen);
    this.#count('TRUCK', before.truckId, before.payableFen, after.payableFen);
  }

  refuse(reason: string): void {
    this.refused.set(reason, (this.refused.get(reason) ?? 0) + 1);
  }

  /** Parties, stations, trucks; in each the one that gains most first. */
  rows(): RerateRow[] {
    const order = ['PARTY', 'STATION', 'TRUCK'];
    const gain = ({ beforeFen, afterFen }: RerateRow) => afterFen - beforeFen;
    return [...this.#rows.values()].sort(
      (one, other) =>
        order.indexOf(one.kind) - order.indexOf(other.kind) || descending(gain(one), gain(other)) || (one.id < other.id ? -1 : 1),
    );
  }

  #count(kind: RerateRow['kind'], id: string, beforeFen: bigint, afterFen: bigint): void {
    const key = `${kind} ${id}`;
    const row = this.#rows.get(key) ?? { kind, id, orders: 0, beforeFen: 0n, afterFen: 0n };
    row.orders += 1;
    row.beforeFen += beforeFen;
    row.afterFen += afterFen;
    this.#rows.set(key, row);
  }
}

function descending(one: bigint, other: bigint): number {
  if (one === other) return 0;
  return one > other ? -1 : 1;
}
