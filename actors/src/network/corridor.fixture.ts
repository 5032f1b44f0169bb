import { readFileSync } from 'node:fs';
import { assert } from '@corridor/protocols/assert';
import type { DriverDefinition, NetworkFile, TruckDefinition } from '@corridor/protocols/network-file';
import type { Effect } from './effect.ts';
import { silentSignals } from './empty-surroundings.ts';
import type { EngineName } from './engines.ts';
import type { EntityRef } from './entity-ref.ts';
import { Network, type NetworkOptions } from './network.ts';
import type { SignalReader } from './reference.ts';
import { ReferenceStore } from './reference-store.ts';
import { registrationsOf } from './registration.ts';
import type { StoredSnapshot } from './snapshot-codec.ts';
import type { StepBatch } from './step-batch.ts';

/** 2026-11-22 12:00 in the zone of the tariffs. */
export const NOON_MS = Date.parse('2026-11-22T12:00:00+08:00');

const wholeFile = JSON.parse(readFileSync(new URL('../../../data/corridor/network.json', import.meta.url), 'utf8')) as NetworkFile;

/** Two stations of the default corridor, eight trucks, their packs and drivers, charged so that swaps are possible. */
export function smallFile(): NetworkFile {
  const stations = wholeFile.stations.filter(({ id }) => id === 'HH1' || id === 'HJ1');
  const trucks = wholeFile.trucks.slice(0, 8);
  const homes = new Set(trucks.map(({ id }) => id));
  const packs = wholeFile.packs
    .filter(({ initial }) => homes.has(initial.id) || stations.some(({ id }) => initial.id.startsWith(`${id}-`)))
    .map((pack) => ({ ...pack, initialSohPercent: 95, initialSocPercent: pack.initial.kind === 'SLOT' ? 95 : 40 }));
  const drivers = wholeFile.drivers.filter(({ truckIds }) => truckIds.some((id) => homes.has(id)));
  return { ...wholeFile, stations, trucks, packs, drivers };
}

/** The reach that the road model would ask for. */
export const REQUIRED_WH = 150_000;

export interface TestCorridor {
  network: Network;
  reference: ReferenceStore;
  file: NetworkFile;
  /** Every effect since the start. */
  effects: Effect[];
  stored: Map<string, StoredSnapshot>;
  /** Takes what the network did, as a host would. */
  drain(): StepBatch;
  /** @throws InvariantError when there is no such actor */
  context(ref: EntityRef): unknown;
  truck(index: number): TruckDefinition;
  driverOf(truckId: string): DriverDefinition;
}

export function startCorridor(
  options: { file?: NetworkFile; signals?: SignalReader; awakeMax?: number; topUpFen?: bigint; engine?: NetworkOptions['engine'] } = {},
): TestCorridor {
  const file = options.file ?? smallFile();
  const reference = ReferenceStore.of(file, () => REQUIRED_WH);
  const surroundings = { reference, signals: options.signals ?? silentSignals };
  const network = new Network({
    surroundings,
    roster: reference,
    nowMs: NOON_MS,
    engine: options.engine ?? 'xstate',
    ...(options.awakeMax === undefined ? {} : { awakeMax: options.awakeMax }),
  });
  const corridor = hosted(network, reference, file);
  network.register(...registrationsOf(surroundings));
  for (const { carrierId } of file.openingTopUps) {
    const amountFen = options.topUpFen ?? 20_000_000n;
    const intent = { type: 'payment.topUp', key: `top-${carrierId}`, principalId: carrierId, amountFen, channel: 'sandbox' } as const;
    network.step({ kind: 'intent', atMs: network.nowMs, intentId: `top-${carrierId}`, by: 'test', intent });
  }
  corridor.drain();
  return corridor;
}

export interface Restartable extends TestCorridor {
  /** Under XState when no engine is named. */
  restart(engine?: EngineName): void;
}

/**
 * A corridor that may lose its process: `restart` makes a new network from the JSON of what was drained, as a database gives it.
 * It does so at once and whole, so that whoever holds `network` must ask for it again.
 */
export function restartable(corridor: TestCorridor, signals: SignalReader = silentSignals): Restartable {
  return {
    ...corridor,
    restart(engine: EngineName = 'xstate') {
      corridor.drain();
      const nowMs = this.network.nowMs;
      const stored = JSON.parse(JSON.stringify([...corridor.stored.values()])) as StoredSnapshot[];
      const network = new Network({ surroundings: { reference: corridor.reference, signals }, nowMs, awakeMax: 1, engine });
      network.restore(stored, nowMs);
      Object.assign(corridor, { network });
      Object.assign(this, { network });
    },
  };
}

function hosted(network: Network, reference: ReferenceStore, file: NetworkFile): TestCorridor {
  const effects: Effect[] = [];
  const stored = new Map<string, StoredSnapshot>();
  return {
    network,
    reference,
    file,
    effects,
    stored,
    drain() {
      const batch = this.network.drain();
      effects.push(...batch.effects);
      for (const ref of batch.retired) stored.delete(ref);
      for (const [ref, snapshot] of batch.changed) stored.set(ref, snapshot);
      return batch;
    },
    context(ref) {
      const view = this.network.view(ref);
      assert(view !== undefined, `no ${ref}`);
      return view.context;
    },
    truck(index) {
      const truck = file.trucks[index];
      assert(truck !== undefined, `no truck ${index}`);
      return truck;
    },
    driverOf(truckId) {
      const driver = file.drivers.find(({ truckIds }) => truckIds.includes(truckId));
      assert(driver !== undefined, `no driver of ${truckId}`);
      return driver;
    },
  };
}
