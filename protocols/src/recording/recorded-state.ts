import {
  ENDED_ORDER_STATES,
  type RecordedAccount,
  type RecordedChange,
  type RecordedHold,
  type RecordedOrder,
  type RecordedPack,
  type RecordedStation,
  type RecordedTruck,
  type RecordingBlock,
} from './recording.schema.ts';

export const isEnded = ({ state }: RecordedOrder): boolean => ENDED_ORDER_STATES.includes(state);

/** Everything at one instant, by id. */
export class RecordedState {
  readonly trucks = new Map<string, RecordedTruck>();
  readonly packs = new Map<string, RecordedPack>();
  readonly stations = new Map<string, RecordedStation>();
  /** Orders that are not over; those that are, `Recording` knows. */
  readonly orders = new Map<string, RecordedOrder>();
  readonly accounts = new Map<string, RecordedAccount>();
  /** Open ones, by order. */
  readonly holds = new Map<string, RecordedHold>();
  /** By station that has PV [W]. */
  readonly sunW = new Map<string, number>();

  apply(change: Omit<RecordedChange, 'atMs'>): void {
    const { trucks = [], packs = [], stations = [], sun = [] } = change;
    for (const truck of trucks) this.trucks.set(truck.id, truck);
    for (const pack of packs) this.packs.set(pack.id, pack);
    for (const station of stations) this.stations.set(station.id, station);
    for (const { id, powerW } of sun) this.sunW.set(id, powerW);
    this.#applyBooks(change);
  }

  #applyBooks({ orders = [], accounts = [], holds = [] }: Omit<RecordedChange, 'atMs'>): void {
    for (const order of orders) {
      if (isEnded(order)) this.orders.delete(order.id);
      else this.orders.set(order.id, order);
    }
    for (const account of accounts) this.accounts.set(account.id, account);
    for (const hold of holds) {
      if (hold.heldFen === '0') this.holds.delete(hold.orderId);
      else this.holds.set(hold.orderId, hold);
    }
  }
}

/** A state that goes on through a block; another instant needs another one. */
export class BlockCursor {
  readonly state = new RecordedState();
  readonly block: RecordingBlock;
  #next = 0;

  constructor(block: RecordingBlock) {
    this.block = block;
    this.state.apply(block.whole);
  }

  /** Takes what changed until then. @returns those changes; never goes back */
  goTo(atMs: number): readonly RecordedChange[] {
    const { changes } = this.block;
    const from = this.#next;
    while ((changes[this.#next]?.atMs ?? Number.POSITIVE_INFINITY) <= atMs) {
      const change = changes[this.#next];
      if (change !== undefined) this.state.apply(change);
      this.#next += 1;
    }
    return changes.slice(from, this.#next);
  }
}
