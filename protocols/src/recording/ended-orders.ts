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
}

const NOTHING: Billed = { payableFen: 0n, energyWh: 0 };

/** The orders of a recording that are over, in the order in which they ended, and what was billed: each stands in the file once, and is wanted long after its block. */
export class EndedOrders {
  readonly #ended: Ended[] = [];
  /** All that was billed up to each bill. */
  readonly #bills: { atMs: number; billed: Billed }[] = [];
  /** Orders that wait for a person are told by every block. */
  readonly #credited = new Set<string>();

  /** Blocks in their order. */
  take({ atMs, whole, changes }: RecordingBlock): void {
    this.#takeAll(atMs, whole.orders ?? []);
    for (const change of changes) this.#takeAll(change.atMs, change.orders ?? []);
  }

  /** The last ones that had ended by an instant, the newest last. @param most so many of them */
  until(atMs: number, most: number): RecordedOrder[] {
    const count = countUntil(this.#ended, atMs);
    return this.#ended.slice(Math.max(0, count - most), count).map(({ order }) => order);
  }

  /** All that was billed by an instant, that instant too. */
  billedUntil(atMs: number): Billed {
    return this.#bills[countUntil(this.#bills, atMs) - 1]?.billed ?? NOTHING;
  }

  #takeAll(atMs: number, orders: readonly RecordedOrder[]): void {
    for (const order of orders) {
      if (isEnded(order)) this.#ended.push({ atMs, order });
      if (order.payableFen === null) continue;
      if (order.state === 'CLEARED' || this.#isNewCredit(order)) this.#bill(atMs, BigInt(order.payableFen), order.energyWh ?? 0);
    }
  }

  /** Who gave a pack and got none is paid back what was in it, and his order waits for a person. */
  #isNewCredit({ id, state, payableFen }: RecordedOrder): boolean {
    if (state !== 'ABNORMAL' || payableFen?.startsWith('-') !== true || this.#credited.has(id)) return false;
    this.#credited.add(id);
    return true;
  }

  #bill(atMs: number, payableFen: bigint, energyWh: number): void {
    const before = this.#bills.at(-1)?.billed ?? NOTHING;
    this.#bills.push({ atMs, billed: { payableFen: before.payableFen + payableFen, energyWh: before.energyWh + energyWh } });
  }
}

/** How many of what is in the order of time had been by then. */
function countUntil(timed: readonly { atMs: number }[], atMs: number): number {
  let [low, high] = [0, timed.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((timed[middle]?.atMs ?? 0) <= atMs) low = middle + 1;
    else high = middle;
  }
  return low;
}
