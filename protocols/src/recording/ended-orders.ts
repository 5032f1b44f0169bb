import { isEnded } from './recorded-state.ts';
import type { RecordedOrder, RecordingBlock } from './recording.schema.ts';

/** What was billed up to an instant. */
export interface Billed {
  payableFen: bigint;
  energyWh: number;
}

interface Ended {
  /** When it was seen to be over. */
  atMs: number;
  order: RecordedOrder;
  /** Up to this one. */
  billed: Billed;
}

const NOTHING: Billed = { payableFen: 0n, energyWh: 0 };

/** The orders of a recording that are over, in the order in which they ended: each stands in the file once, and is wanted long after its block. */
export class EndedOrders {
  readonly #ended: Ended[] = [];

  /** Blocks in their order. */
  take({ atMs, whole, changes }: RecordingBlock): void {
    this.#takeAll(atMs, whole.orders ?? []);
    for (const change of changes) this.#takeAll(change.atMs, change.orders ?? []);
  }

  /** The last ones that had ended by an instant, the newest last. @param most so many of them */
  until(atMs: number, most: number): RecordedOrder[] {
    const count = this.#countUntil(atMs);
    return this.#ended.slice(Math.max(0, count - most), count).map(({ order }) => order);
  }

  /** Of all orders that were cleared by an instant, that instant too. */
  billedUntil(atMs: number): Billed {
    return this.#ended[this.#countUntil(atMs) - 1]?.billed ?? NOTHING;
  }

  #takeAll(atMs: number, orders: readonly RecordedOrder[]): void {
    for (const order of orders) {
      if (!isEnded(order)) continue;
      const before = this.#ended.at(-1)?.billed ?? NOTHING;
      const { payableFen, energyWh } = order;
      const isBilled = order.state === 'CLEARED' && payableFen !== null;
      const billed = isBilled
        ? { payableFen: before.payableFen + BigInt(payableFen), energyWh: before.energyWh + (energyWh ?? 0) }
        : before;
      this.#ended.push({ atMs, order, billed });
    }
  }

  #countUntil(atMs: number): number {
    let [low, high] = [0, this.#ended.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#ended[middle]?.atMs ?? 0) <= atMs) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
