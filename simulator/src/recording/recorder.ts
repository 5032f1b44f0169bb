import { assert } from '@corridor/protocols/assert';
import { slotIdOf } from '@corridor/protocols/ids';
import type {
  RecordedChange,
  RecordedPack,
  RecordedStation,
  RecordedTruck,
  RecordingBlock,
  RecordingEnd,
  RecordingHead,
  Track,
} from '@corridor/protocols/recording/recording.schema';
import type { UsedPack } from '../charging/pack-ageing.ts';
import type { FleetTruck, Route } from '../fleets/fleet-world.ts';
import type { Scenario } from '../scenario/scenario.schema.ts';
import { BooksRecord } from './books-record.ts';
import type { Chainages } from './recorded-geometry.ts';
import { SunRecord } from './sun-record.ts';
import { truckIdOf } from './truck-id.ts';
import { TruckPlaces, type TruckState, trackOf, truckStateOf } from './truck-record.ts';
import type { PackFlow, StationLook, WatchedWorld } from './watched-world.ts';

const HOUR_MS = 3_600_000;
/** Instants that are looked at. What begins and ends in between is not seen. */
export const RECORDED_EVERY_MS = 1_000;
/** A block is what has to be read to find an instant. */
export const BLOCK_MS = HOUR_MS;

/** Takes one line after the other. */
export type TakeLine = (line: RecordingHead | RecordingBlock | RecordingEnd) => void;

/** A record, and by what it is known whether it still holds. */
interface Known<Recorded> {
  record: Recorded;
  of: object | null;
  at: number;
}
type KnownTruck = Known<RecordedTruck> & { sent: Route | null };

/** How what a pack holds goes on. The same one as long as `of` and `at` are the same. */
interface PackCourse {
  pack: UsedPack;
  of: object | null;
  at: number;
  track: () => Track;
}

const standing = (pack: UsedPack, nowMs: number): PackCourse => {
  const { contentWh } = pack;
  return { pack, of: null, at: contentWh, track: () => [[nowMs, contentWh]] };
};

const tenth = (value: number): number => Math.round(value * 10) / 10;

/** Looks at a run once a second and writes down what has changed. */
export class Recorder {
  readonly #world: WatchedWorld;
  readonly #places: TruckPlaces;
  readonly #take: TakeLine;
  readonly #sun: SunRecord;
  /** null: a model without money. */
  readonly #books: BooksRecord | null;
  readonly #trucks = new Map<string, KnownTruck>();
  readonly #packs = new Map<string, Known<RecordedPack>>();
  readonly #stations = new Map<string, { record: RecordedStation; text: string }>();
  /** By bay: who swaps there, and the pack that he came with. */
  readonly #docked = new Map<string, { truckId: string; packId: string | null }>();
  #change: RecordedChange = { atMs: 0 };
  #block: RecordingBlock | null = null;
  #blocks = 0;
  #changes = 0;

  constructor({ world, scenario, chainages, take }: { world: WatchedWorld; scenario: Scenario; chainages: Chainages; take: TakeLine }) {
    this.#world = world;
    this.#places = new TruckPlaces(scenario, chainages);
    this.#take = take;
    this.#sun = new SunRecord(scenario);
    const books = world.watchBooks();
    this.#books = books === null ? null : new BooksRecord(books);
  }

  /** Runs the world and looks on. */
  runUntil(untilMs: number): void {
    const world = this.#world;
    if (this.#block === null) {
      world.runUntil(0);
      this.#look(0);
    }
    for (let dueMs = this.#nextDueMs; dueMs <= untilMs; dueMs = this.#nextDueMs) {
      const atMs = Math.min(Math.ceil(dueMs / RECORDED_EVERY_MS) * RECORDED_EVERY_MS, untilMs);
      world.runUntil(atMs);
      this.#look(Math.ceil(atMs));
    }
    world.runUntil(untilMs);
  }

  /** When something is to be seen. */
  get #nextDueMs(): number {
    return Math.min(this.#world.nextDueMs ?? Number.POSITIVE_INFINITY, this.#sun.nextDueMs);
  }

  end(): void {
    this.#endBlock();
    this.#take({ kind: 'end', blocks: this.#blocks, changes: this.#changes });
  }

  #look(atMs: number): void {
    this.#change = { atMs };
    const look = this.#world.look();
    const standing = new Map<string, 'IN_BAY' | 'QUEUEING'>();
    for (const { queue, bays } of look.stations) {
      for (const truckId of queue) standing.set(truckId, 'QUEUEING');
      for (const { truckId } of bays) if (truckId !== null) standing.set(truckId, 'IN_BAY');
    }
    const packOf = new Map<string, string | null>();
    for (const [index, truck] of this.#world.trucks.entries()) {
      const packId = look.packIds[index] ?? null;
      packOf.set(truckIdOf(truck), packId);
      const state = truckStateOf(truck, standing.get(truckIdOf(truck)) ?? null, atMs);
      this.#lookAtTruck(truck, { state, packId, nowMs: atMs });
      if (packId !== null) this.#lookAtCarried(truck, packId, { state, nowMs: atMs });
    }
    for (const station of look.stations) this.#lookAtStation(station, packOf);
    this.#sun.look(this.#change);
    this.#books?.look(this.#change);
    this.#note(atMs);
  }

  #lookAtTruck(truck: FleetTruck, at: { state: TruckState; packId: string | null; nowMs: number }): void {
    const id = truckIdOf(truck);
    const known = this.#trucks.get(id);
    const stationId = truck.yard?.plan.id ?? null;
    if (
      known !== undefined &&
      known.record.state === at.state &&
      known.record.packId === at.packId &&
      known.record.stationId === stationId &&
      known.sent === truck.sent &&
      known.at === truck.sentAtMs
    )
      return;
    const record = this.#places.record(truck, at);
    this.#trucks.set(id, { record, of: null, at: truck.sentAtMs, sent: truck.sent });
    (this.#change.trucks ??= []).push(record);
  }

  /** What a truck uses is taken off its pack at the end of the leg; in between it is told evenly. */
  #lookAtCarried(
    { pack, leg, sent, sentAtMs, ref }: FleetTruck,
    packId: string,
    { state, nowMs }: { state: TruckState; nowMs: number },
  ): void {
    const isUnderWay = sent !== null && leg.wh !== 0;
    const track = (): Track =>
      isUnderWay
        ? [
            [sentAtMs, pack.contentWh],
            [sentAtMs + sent.legMs, pack.contentWh - leg.wh],
          ]
        : [[nowMs, pack.contentWh]];
    assert(state !== 'DRIVING' || sent !== null, `${ref} drives without a way`);
    this.#lookAtPack(packId, { kind: 'TRUCK', id: truckIdOf({ ref }) }, { pack, of: isUnderWay ? leg : null, at: pack.contentWh, track });
  }

  #lookAtPack(id: string, place: RecordedPack['place'], { pack, of, at, track }: PackCourse): void {
    const known = this.#packs.get(id);
    if (known !== undefined && known.of === of && known.at === at) {
      const { place: before } = known.record;
      if (before.kind === place.kind && before.id === place.id) return;
    }
    const contentWh: RecordedPack['contentWh'] = trackOf(track()).map(([ms, wh]) => [ms, wh]);
    // It changes only as a charge begins, which is told anyhow.
    const record: RecordedPack = { id, place, contentWh, ...(pack.ageing === null ? {} : { sohPercent: tenth(pack.sohPercent) }) };
    this.#packs.set(id, { record, of, at });
    (this.#change.packs ??= []).push(record);
  }

  #lookAtStation(look: StationLook, packOf: ReadonlyMap<string, string | null>): void {
    const { id, queue, bays, readyPacks, isDark, rack, inTransfer } = look;
    const nowMs = this.#change.atMs;
    for (const { evseId, packId, pack, flow } of rack)
      this.#lookAtPack(
        packId,
        { kind: 'SLOT', id: slotIdOf(id, evseId) },
        flow === null ? standing(pack, nowMs) : { pack, of: flow.of, at: flow.limitW, track: () => flowTrack(flow) },
      );
    for (const { packId, bayId, pack } of inTransfer) this.#lookAtPack(packId, { kind: 'TRANSFER', id: bayId }, standing(pack, nowMs));
    const swaps = (this.#stations.get(id)?.record.swaps ?? 0) + this.#swapsEnded(id, bays, packOf);
    const record: RecordedStation = { id, queue, readyPacks, isDark, swaps, bays };
    const text = JSON.stringify(record);
    if (this.#stations.get(id)?.text === text) return;
    this.#stations.set(id, { record, text });
    (this.#change.stations ??= []).push(record);
  }

  /** Trucks that have left their bays with another pack. */
  #swapsEnded(stationId: string, bays: StationLook['bays'], packOf: ReadonlyMap<string, string | null>): number {
    let ended = 0;
    for (const [index, { truckId }] of bays.entries()) {
      const bay = `${stationId}/${index}`;
      const before = this.#docked.get(bay);
      if (before?.truckId === truckId) continue;
      if (before !== undefined && packOf.get(before.truckId) !== before.packId) ended += 1;
      if (truckId === null) this.#docked.delete(bay);
      else this.#docked.set(bay, { truckId, packId: packOf.get(truckId) ?? null });
    }
    return ended;
  }

  #note(atMs: number): void {
    if (this.#block !== null && atMs < this.#block.atMs + BLOCK_MS) {
      if (Object.keys(this.#change).length > 1) this.#block.changes.push(this.#change);
      return;
    }
    this.#endBlock();
    const whole = {
      trucks: [...this.#trucks.values()].map(({ record }) => record),
      packs: [...this.#packs.values()].map(({ record }) => record),
      stations: [...this.#stations.values()].map(({ record }) => record),
      sun: this.#sun.whole(),
      ...this.#books?.whole(),
    };
    this.#block = { kind: 'block', atMs, whole, changes: [] };
  }

  #endBlock(): void {
    if (this.#block === null) return;
    this.#blocks += 1;
    this.#changes += this.#block.changes.length;
    this.#take(this.#block);
  }
}

function flowTrack(flow: PackFlow): Track {
  const { sinceMs, fromWh, steps } = flow.course();
  const points: [number, number][] = [[sinceMs, fromWh]];
  let [atMs, contentWh] = [sinceMs, fromWh];
  for (const { powerW, durationMs } of steps) {
    if (powerW === 0 || !Number.isFinite(durationMs)) break;
    atMs += durationMs;
    contentWh += (powerW * durationMs) / HOUR_MS;
    points.push([atMs, contentWh]);
  }
  return points;
}
