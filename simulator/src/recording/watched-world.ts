import type { OrderRow } from '@corridor/actors/network/effect';
import type { RecordedStation } from '@corridor/protocols/recording/recording.schema';
import type { UsedPack } from '../charging/pack-ageing.ts';
import type { FleetTruck } from '../fleets/fleet-world.ts';

/** What a recorder asks of a run, in either model. It looks on and changes nothing. */
export interface WatchedWorld {
  /** When something happens next [ms of the run]; null: never again. */
  readonly nextDueMs: number | null;
  readonly trucks: readonly FleetTruck[];
  runUntil(untilMs: number): void;
  /** Everything that stands at stations now. */
  look(): WorldLook;
  /** From now on the books note what changes in them; null: a model without money. */
  watchBooks(): WatchedBooks | null;
}

/** The platform's books, as a recorder sees them. Times are those of the platform, unix ms. */
export interface WatchedBooks {
  /** The run's first moment, unix ms. */
  readonly originMs: number;
  /** Orders under way, as they are now. @param nowMs of the run */
  openOrders(nowMs: number): Iterable<OrderRow>;
  /** What is new since this was asked last; the first time all accounts. */
  takeNews(): BookNews;
}

export interface BookNews {
  /** Rows that nothing follows by itself: of orders that are over, or wait for a person. */
  orders: readonly OrderRow[];
  /** Balances of accounts that something moved on. */
  balances: ReadonlyMap<string, bigint>;
  /** By order; 0: nothing is held any more. */
  holds: ReadonlyMap<string, OpenHold>;
}

export interface OpenHold {
  heldAccountId: string;
  heldFen: bigint;
  /** Unix ms. */
  sinceMs: number;
}

export interface WorldLook {
  stations: StationLook[];
  /** By truck, in the order of the trucks; null: on no truck. */
  packIds: (string | null)[];
}

export interface StationLook extends Pick<RecordedStation, 'id' | 'queue' | 'bays' | 'readyPacks' | 'isDark'> {
  rack: RackLook[];
  /** Packs that are neither in the rack nor on a truck. */
  inTransfer: { packId: string; bayId: string; pack: UsedPack }[];
}

export interface RackLook {
  evseId: number;
  packId: string;
  pack: UsedPack;
  /** null: nothing flows. */
  flow: PackFlow | null;
}

/** How a charge goes on. The same one as long as `of` and `limitW` are the same. */
export interface PackFlow {
  of: object;
  limitW: number;
  course(): { sinceMs: number; fromWh: number; steps: readonly { powerW: number; durationMs: number }[] };
}
