import type { Effect } from '@corridor/actors/network/effect';
import type { EngineName } from '@corridor/actors/network/engines';
import type { Address } from '@corridor/actors/network/entity-ref';
import type { Input, Intent } from '@corridor/actors/network/input';
import { Network, type NetworkOptions } from '@corridor/actors/network/network';
import type { Reference, SignalReader } from '@corridor/actors/network/reference';
import { ReferenceStore } from '@corridor/actors/network/reference-store';
import { registrationsOf } from '@corridor/actors/network/registration';
import type { CommandReply } from '@corridor/protocols/cmd/command';
import type { DriverDefinition, NetworkFile, PackDefinition, TruckDefinition } from '@corridor/protocols/network-file';
import type { VehicleState } from './vehicle-state.ts';

type StationTopic = 'swap' | 'charge' | 'gateway';

/** Who is told what the platform does, in the order in which it does it. */
export type OnEffect = (effect: Effect) => void;

export interface CorridorTwinOptions {
  file: NetworkFile;
  requiredEnergyWh: Reference['requiredEnergyWh'];
  signals: SignalReader;
  /** The run's first moment [ms since the epoch]. */
  originMs: number;
  engine: EngineName | Exclude<NetworkOptions['engine'], string | undefined>;
  onEffect: OnEffect;
  /** Somebody reads every row that the platform would write. */
  readsRows: boolean;
}

/**
 * The platform as it runs live, in the time of a run: the network of actors with the rules of authorisation, rating and ledger. Gateways
 * speak to it in what the messages of the wire say, without a wire: what one says arrives at once, and what it does is told when the step is over.
 * Times outside are those of the run [ms from its first moment], whole milliseconds inside.
 */
export class CorridorTwin {
  readonly network: Network;
  readonly reference: ReferenceStore;
  readonly readsRows: boolean;
  readonly #originMs: number;
  readonly #onEffect: OnEffect;
  /** Names of messages in the catalogue, by their events: put together once. */
  readonly #keys: Readonly<Record<StationTopic, Map<string, string>>> = { swap: new Map(), charge: new Map(), gateway: new Map() };
  #waiting: Effect[] = [];
  #isTelling = false;
  #intents = 0;

  constructor({ file, requiredEnergyWh, signals, originMs, engine, onEffect, readsRows }: CorridorTwinOptions) {
    this.reference = ReferenceStore.of(file, requiredEnergyWh);
    this.#originMs = originMs;
    this.#onEffect = onEffect;
    this.readsRows = readsRows;
    const surroundings = { reference: this.reference, signals, omitsDerivations: true, omitsRows: !readsRows };
    this.network = new Network({ surroundings, nowMs: originMs, engine, isVirtual: true, awakeMax: Number.POSITIVE_INFINITY });
    this.network.register(...registrationsOf(surroundings));
    this.#tellEffects();
  }

  /** Due time of the platform's next timer [ms of the run]; null: none. */
  get nextDueMs(): number | null {
    const dueMs = this.network.nextDueMs;
    return dueMs === null ? null : dueMs - this.#originMs;
  }

  /** Fires it. */
  fireTimer(): void {
    this.network.fireTimer();
    this.#tellEffects();
  }

  addPack(pack: PackDefinition): void {
    this.reference.apply({ packs: [pack] });
    this.network.register({ asset: 'pack', id: pack.id });
    this.#tellEffects();
  }

  addTruck({ truck, driver }: { truck: TruckDefinition; driver: DriverDefinition }): void {
    this.reference.apply({ trucks: [truck], drivers: [driver] });
    this.network.register({ asset: 'truck', id: truck.id });
    this.#tellEffects();
  }

  /** An event of a station's gateway. */
  stationEvent(stationId: string, topic: StationTopic, event: string, data: unknown, nowMs: number): void {
    const keys = this.#keys[topic];
    let key = keys.get(event);
    if (key === undefined) {
      key = `station:evt:${topic}.${event}`;
      keys.set(event, key);
    }
    this.#report(key, stationId, data, nowMs);
  }

  /** An event of a truck's T-box. */
  truckEvent(truckId: string, event: string, data: unknown, nowMs: number): void {
    this.#report(`truck:evt:${event}`, truckId, data, nowMs);
  }

  /** Stage 2 of a command. */
  commandResult(stationId: string, data: unknown, nowMs: number): void {
    this.#report('station:res', stationId, data, nowMs);
  }

  /** Stage 1 of a command. */
  commandReply(reply: CommandReply, orderId: string | null, nowMs: number): void {
    this.#step({ kind: 'commandReply', atMs: this.#atMs(nowMs), commandId: reply.commandId, orderId, reply });
  }

  /** What the signal table would see of a truck's telemetry. */
  vehicleState(truckId: string, value: VehicleState, nowMs: number): void {
    this.#changed({ kind: 'truck', id: truckId }, 'vehicleState', value, nowMs);
  }

  /** What the signal table would see of a slot's. */
  slotState(slotId: string, value: 'EMPTY' | 'HOLDS_PACK' | 'UNAVAILABLE', nowMs: number): void {
    this.#changed({ kind: 'slot', id: slotId }, 'slotState', value, nowMs);
  }

  /** What the signal table would see of a bay's. */
  bayState(bayId: string, value: 'FREE', nowMs: number): void {
    this.#changed({ kind: 'bay', id: bayId }, 'bayState', value, nowMs);
  }

  intent(intent: Intent, nowMs: number): void {
    this.#intents += 1;
    this.#step({ kind: 'intent', atMs: this.#atMs(nowMs), intentId: `plan-${this.#intents}`, by: 'planner', intent });
  }

  #changed(of: Address, signal: string, value: string, nowMs: number): void {
    const atMs = this.#atMs(nowMs);
    this.#step({ kind: 'sensed', atMs, of, event: { type: 'signal.changed', atMs, signal, value } });
  }

  #report(key: string, id: string, data: unknown, nowMs: number): void {
    this.#step({ kind: 'report', atMs: this.#atMs(nowMs), key, id, data });
  }

  #step(input: Input): void {
    this.network.step(input);
    this.#tellEffects();
  }

  /** Whoever is told may say something at once: what that does is told after what was done before. */
  #tellEffects(): void {
    const effects = this.network.takeEffects();
    if (effects === null) return;
    if (this.#isTelling) {
      for (const effect of effects) this.#waiting.push(effect);
      return;
    }
    this.#isTelling = true;
    this.#waiting = effects;
    for (let index = 0; index < this.#waiting.length; index += 1) {
      const effect = this.#waiting[index];
      if (effect !== undefined) this.#onEffect(effect);
    }
    this.#isTelling = false;
  }

  #atMs(nowMs: number): number {
    return this.#originMs + Math.floor(nowMs);
  }
}
