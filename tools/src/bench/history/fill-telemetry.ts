import { Prng } from '@corridor/actors/time/prng';
import { bayIdOf } from '@corridor/protocols/ids';
import type { NetworkFile } from '@corridor/protocols/network-file';
import { type Database, inTransaction } from '@corridor/twin/db/db';
import { writeTelemetry } from '@corridor/twin/db/telemetry.queries';
import { TelemetryBatch } from '@corridor/twin/db/telemetry-batch';
import {
  type MessageHead,
  packReading,
  packsMessage,
  slotPlace,
  slotReading,
  slotsMessage,
  telemetryEnvelope,
  truckReading,
} from '../workload/telemetry-source.ts';
import type { Swap } from './fill-business.ts';
import { Visits } from './truck-visits.ts';

/** How often each kind is kept, scope ms: at these, 30 days of the corridor with its 60 trucks are 16 M rows. */
const EVERY_MS = { truck: 30_000, station: 30_000, packs: 60_000, slots: 60_000, bay: 60_000, pv: 60_000 } as const;
const TICK_MS = 10_000;
/** Rows that go in one COPY, as many as a busy writer's. */
const BATCH_ROWS = 20_000;

interface Filled {
  rows: number;
}

/**
 * Telemetry of a whole network, in the order of time, by the writer's own COPY.
 * @param span scope time [ms]
 * @param swaps in the order of time: what trucks drive to, wait for and stand in
 */
export async function fillTelemetry(
  database: Database,
  file: NetworkFile,
  { span, swaps }: { span: { fromMs: number; untilMs: number }; swaps: readonly Swap[] },
): Promise<Filled> {
  const batch = new TelemetryBatch(file.platformId);
  const messages = new Messages(file, batch, new Visits(swaps));
  let rows = 0;
  for (let atMs = span.fromMs; atMs < span.untilMs; atMs += TICK_MS) {
    messages.tick(atMs);
    if (batch.rows < BATCH_ROWS && atMs + TICK_MS < span.untilMs) continue;
    rows += (await inTransaction(database, async (client) => writeTelemetry(client, batch))).rows;
    batch.clear();
  }
  return { rows };
}

/** Readings are drawn once for each thing, but for where trucks drive to and wait: what is measured is where they lie, not what they say. */
class Messages {
  readonly #batch: TelemetryBatch;
  readonly #readings: ReturnType<typeof drawn>;
  readonly #visits: Visits;
  #seq = 0;

  constructor(file: NetworkFile, batch: TelemetryBatch, visits: Visits) {
    this.#batch = batch;
    this.#readings = drawn(file);
    this.#visits = visits;
  }

  tick(atMs: number): void {
    const isDue = (kind: keyof typeof EVERY_MS): boolean => atMs % EVERY_MS[kind] < TICK_MS;
    const { trucks, stations } = this.#readings;
    for (const { id, report, pack } of trucks) {
      if (isDue('truck')) {
        const driving = { ...report, ...this.#visits.at(id, atMs) };
        this.#add('truck', 'truck', atMs, telemetryEnvelope('tele.truck', this.#head(id, atMs), driving));
      }
      if (isDue('packs')) this.#add('truck', 'pack', atMs, telemetryEnvelope('tele.pack', this.#head(id, atMs), pack));
    }
    for (const { id, report, packs, slots, bays, pv } of stations) {
      if (isDue('station')) this.#add('station', 'station', atMs, telemetryEnvelope('tele.station', this.#head(id, atMs), report));
      if (isDue('packs')) this.#add('station', 'packs', atMs, packsMessage(this.#head(id, atMs), packs));
      if (isDue('slots')) this.#add('station', 'slots', atMs, slotsMessage(this.#head(id, atMs), slots));
      if (isDue('bay')) for (const bay of bays) this.#add('station', 'bay', atMs, telemetryEnvelope('tele.bay', this.#head(id, atMs), bay));
      if (isDue('pv')) this.#add('station', 'pv', atMs, telemetryEnvelope('tele.pv', this.#head(id, atMs), pv));
    }
  }

  #head(src: string, atMs: number): MessageHead {
    this.#seq += 1;
    return { src, bootId: 1, seq: this.#seq, atMs };
  }

  #add(source: 'truck' | 'station', kind: string, atMs: number, envelope: ReturnType<typeof telemetryEnvelope>): void {
    this.#batch.add({ source, kind, envelope, eventAtMs: atMs, ingestAtMs: atMs, q: [] });
  }
}

function drawn(file: NetworkFile) {
  const prng = new Prng(30);
  const packAt = new Map(file.packs.map(({ id, initial }) => [initial.id, id]));
  const carried = (truckId: string): string => {
    const packId = packAt.get(truckId);
    if (packId === undefined) throw new Error(`${truckId} carries no pack`);
    return packId;
  };
  return {
    trucks: file.trucks.map(({ id }) => ({
      id,
      report: truckReading(id, carried(id), prng),
      pack: packReading(carried(id), { kind: 'TRUCK', id }, prng),
    })),
    stations: file.stations.map((station) => {
      const evses = Array.from({ length: station.slots }, (_, index) => index + 1);
      const inSlot = (evseId: number): string | null => packAt.get(slotPlace(station.id, evseId).id) ?? null;
      return {
        id: station.id,
        report: stationReading(station.id),
        packs: evses.flatMap((evseId) => {
          const packId = inSlot(evseId);
          return packId === null ? [] : [packReading(packId, slotPlace(station.id, evseId), prng)];
        }),
        slots: evses.map((evseId) => slotReading(evseId, inSlot(evseId), prng)),
        bays: Array.from({ length: station.bays }, (_, index) => bayReading(station.id, bayIdOf(station.id, index + 1))),
        pv: { stationId: station.id, powerW: 80_000, energyWh: 1_000_000 },
      };
    }),
  };
}

const stationReading = (stationId: string) => ({
  stationId,
  state: 'OPERATIVE',
  readyPacks: 5,
  chargingPacks: 2,
  emptySlots: 1,
  queueLength: 1,
  estWaitMs: 300_000,
  gridPowerW: 420_000,
  gridLimitW: 1_200_000,
  pvPowerW: 80_000,
  auxPowerW: 15_000,
  activeTariffPeriod: 'FLAT',
  ambientC: 4,
  windMps: 3,
  commsRttMs: 40,
});

const bayReading = (stationId: string, bayId: string) => ({
  stationId,
  bayId,
  bayState: 'FREE',
  truckId: null,
  step: null,
  craneXM: 0,
  craneYM: 0,
  craneZM: 3,
  loadKg: 0,
  lockSensors: { l1: 'LOCKED', l2: 'LOCKED', l3: 'LOCKED', l4: 'LOCKED' },
  hvOff: false,
  wheelChock: false,
  personDetected: false,
});
