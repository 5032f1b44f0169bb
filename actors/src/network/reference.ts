import type {
  Alliance,
  BatteryRate,
  Contract,
  DriverDefinition,
  PackDefinition,
  PackType,
  Principal,
  StationDefinition,
  StationRate,
  TimeOfUseTariff,
  TruckDefinition,
} from '@corridor/protocols/network-file';
import type { RosterKind } from '../roster/roster-life.ts';

/**
 * Reference data: who and what is registered, what was agreed, what it costs. Read by rules, never changed by actors;
 * a change comes from the host between two inputs, so that every partition sees it at the same place of its queue.
 */
export interface Reference {
  readonly platformId: string;
  principal(id: string): Principal | undefined;
  station(id: string): StationDefinition | undefined;
  packType(code: string): PackType | undefined;
  pack(id: string): PackDefinition | undefined;
  truck(id: string): TruckDefinition | undefined;
  driver(id: string): DriverDefinition | undefined;
  /** By token, case-insensitively, as OCPP compares tokens. */
  driverByToken(idToken: string): DriverDefinition | undefined;
  /** Why it takes no part for now; null: nobody suspended it. */
  suspensionOf(kind: RosterKind, id: string): string | null;
  contractOf(carrierId: string, onDate: string): Contract | undefined;
  alliance(id: string): Alliance | undefined;
  /** Tariff in force at a station on a local date: its own, else that of its grid region. */
  tariffOf(stationId: string, onDate: string): TimeOfUseTariff | undefined;
  stationRate(stationId: string, onDate: string): StationRate | undefined;
  /** Rate in force for a pack on a local date: its own, else that of its owner's packs. */
  batteryRate(pack: { packId: string; ownerId: string }, onDate: string): BatteryRate | undefined;
  /** Which of two packs that both will do is given out first, by their ids: below 0 is the first one. Absent, which is live: the fullest. */
  readonly packOrder?: ((onePackId: string, otherPackId: string) => number) | undefined;
  stations(): Iterable<StationDefinition>;
  packs(): Iterable<PackDefinition>;
  trucks(): Iterable<TruckDefinition>;
  principals(): Iterable<Principal>;
  /**
   * Energy a truck needs from a station to the next one it can use (the peak on the way), with reserve [Wh].
   * null when no station lies ahead.
   */
  requiredEnergyWh(options: {
    stationId: string;
    direction: 'WEST' | 'EAST';
    grossMassKg: number;
    destinationChainageM: number | null;
    nominalWh: number;
  }): number | null;
}

/** Last reported values, for rules of the entity that owns them. */
export interface SignalReader {
  /** NaN when never reported. */
  number(kind: 'pack' | 'slot' | 'station' | 'truck', id: string, signal: string): number;
  text(kind: 'pack' | 'slot' | 'station' | 'truck' | 'bay', id: string, signal: string): string | null;
  /** Scope time of the newest report of the entity [ms]; NaN when never reported. */
  reportedAtMs(kind: 'pack' | 'slot' | 'station' | 'truck' | 'bay', id: string): number;
}

/** What machine factories close over. */
export interface Surroundings {
  reference: Reference;
  signals: SignalReader;
  /** Scope time now [ms]: for what a timer causes, because its event carries no `atMs`. The network provides it. */
  nowMs: () => number;
  /** Nobody reads bills line by line, as in a plan: their derivations are not put into words, a twelfth of all that a swap costs. */
  omitsDerivations?: boolean;
  /** Nobody reads the rows of swaps, custody and lots, nor of states that an order passes, as in a plan without a listener. */
  omitsRows?: boolean;
}
