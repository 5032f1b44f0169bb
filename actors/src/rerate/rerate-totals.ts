import { sumFen } from '../ledger/fen-arithmetic.ts';
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

/** A bill or charge, as far as it moves money. */
type Owed = Pick<BillAmounts, 'payableFen' | 'shares'>;

/** What is owed beside swaps, as it was and as it would have been. */
export interface BesideTried {
  readonly carrierId: string;
  /** null: of none. */
  readonly truckId: string | null;
  readonly stationId: string | null;
  readonly before: readonly Owed[];
  readonly after: readonly Owed[];
}

/** What was looked at, and is in no sum. */
export const LEFT_OUT = ['SWAP', 'MONTHLY_RENT', 'NO_SHOW', 'OVERSTAY', 'PACKAGE_EXPIRY', 'ENERGY_DEPOSIT', 'CORRECTION'] as const;
export type LeftOutKind = (typeof LEFT_OUT)[number];
export interface LeftOut {
  readonly kind: LeftOutKind;
  readonly reason: string;
  /** 1 or more. */
  readonly count: number;
}

/**
 * Amounts before and after; of a party what it gets (a carrier's is negative), of a station or truck what was paid there. Rents by the
 * month are those of parties and trucks, and of no station; what packages expired with is that of parties only.
 */
export interface RerateRow {
  kind: 'PARTY' | 'STATION' | 'TRUCK';
  id: string;
  /** Swaps; what is owed beside them is none. */
  orders: number;
  beforeFen: bigint;
  afterFen: bigint;
}

/** Who would have gained and who lost. Over all parties nothing is gained: carriers pay what the others get. */
export class RerateTotals {
  readonly #rows = new Map<string, RerateRow>();
  readonly #leftOut = new Map<string, LeftOut>();
  orders = 0;

  add(before: BilledOrder, after: BillAmounts): void {
    this.orders += 1;
    const parties = new PartySums();
    parties.add(before.carrierId, 0n - before.payableFen, 0n - after.payableFen);
    for (const { principalId, netFen } of before.nets) parties.add(principalId, netFen, 0n);
    for (const { principalId, netFen } of after.shares) parties.add(principalId, 0n, netFen);
    for (const [id, [was, is]] of parties.sums) this.#count('PARTY', id, was, is, 1);
    this.#count('STATION', before.stationId, before.payableFen, after.payableFen, 1);
    this.#count('TRUCK', before.truckId, before.payableFen, after.payableFen, 1);
  }

  addBeside({ carrierId, truckId, stationId, before, after }: BesideTried): void {
    if (before.length + after.length === 0) return;
    const [wasFen, isFen] = [payableOf(before), payableOf(after)];
    const parties = new PartySums();
    parties.add(carrierId, 0n - wasFen, 0n - isFen);
    for (const { principalId, netFen } of before.flatMap(({ shares }) => shares)) parties.add(principalId, netFen, 0n);
    for (const { principalId, netFen } of after.flatMap(({ shares }) => shares)) parties.add(principalId, 0n, netFen);
    for (const [id, [was, is]] of parties.sums) this.#count('PARTY', id, was, is, 0);
    if (stationId !== null) this.#count('STATION', stationId, wasFen, isFen, 0);
    if (truckId !== null) this.#count('TRUCK', truckId, wasFen, isFen, 0);
  }

  /** Money that went from a carrier to a principal by itself, of no truck and no station. */
  addPaid(carrierId: string, principalId: string, { beforeFen, afterFen }: { beforeFen: bigint; afterFen: bigint }): void {
    this.#count('PARTY', carrierId, 0n - beforeFen, 0n - afterFen, 0);
    this.#count('PARTY', principalId, beforeFen, afterFen, 0);
  }

  /** Of what cannot be rated again, nothing is in a sum. */
  leaveOut(kind: LeftOutKind, reason: string, count = 1): void {
    if (count === 0) return;
    const key = `${kind} ${reason}`;
    this.#leftOut.set(key, { kind, reason, count: count + (this.#leftOut.get(key)?.count ?? 0) });
  }

  /** By kind, as listed, then by reason. */
  leftOut(): LeftOut[] {
    return [...this.#leftOut.values()].sort(
      (one, other) => LEFT_OUT.indexOf(one.kind) - LEFT_OUT.indexOf(other.kind) || (one.reason < other.reason ? -1 : 1),
    );
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

  #count(kind: RerateRow['kind'], id: string, beforeFen: bigint, afterFen: bigint, orders: 0 | 1): void {
    const key = `${kind} ${id}`;
    const row = this.#rows.get(key) ?? { kind, id, orders: 0, beforeFen: 0n, afterFen: 0n };
    row.orders += orders;
    row.beforeFen += beforeFen;
    row.afterFen += afterFen;
    this.#rows.set(key, row);
  }
}

/** What each party has of one bill, before and after: it may be named several times. */
class PartySums {
  readonly sums = new Map<string, readonly [wasFen: bigint, isFen: bigint]>();

  add(id: string, wasFen: bigint, isFen: bigint): void {
    const [was, is] = this.sums.get(id) ?? [0n, 0n];
    this.sums.set(id, [was + wasFen, is + isFen]);
  }
}

const payableOf = (charges: readonly Owed[]): bigint => sumFen(charges.map(({ payableFen }) => payableFen));

function descending(one: bigint, other: bigint): number {
  if (one === other) return 0;
  return one > other ? -1 : 1;
}
