import type { RecordedChange, RecordedPack, RecordedStation, RecordedTruck, RecordingBlock } from './recording.schema.ts';

/** Everything at one instant, by id. */
export class RecordedState {
  readonly trucks = new Map<string, RecordedTruck>();
  readonly packs = new Map<string, RecordedPack>();
  readonly stations = new Map<string, RecordedStation>();

  apply({ trucks = [], packs = [], stations = [] }: Omit<RecordedChange, 'atMs'>): void {
    for (const truck of trucks) this.trucks.set(truck.id, truck);
    for (const pack of packs) this.packs.set(pack.id, pack);
    for (const station of stations) this.stations.set(station.id, station);
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
