import { Network } from '@corridor/actors/network/network';
import { ReferenceStore } from '@corridor/actors/network/reference-store';
import { registrationsOf } from '@corridor/actors/network/registration';
import { SignalTable } from '@corridor/actors/network/signal-table';
import { Prng } from '@corridor/actors/time/prng';
import type { Envelope } from '@corridor/protocols/envelope';
import type { NetworkFile } from '@corridor/protocols/network-file';
import { subject } from '@corridor/protocols/subject';
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

/** 2026-11-22 12:00 in the zone of the tariffs. */
export const BEGIN_MS = Date.parse('2026-11-22T12:00:00+08:00');
const REQUIRED_WH = 150_000;
const SCOPE = 'live';

export interface Crowd {
  readonly network: Network;
  readonly signals: SignalTable;
}

/** Registers everything of a network file; drained, as after the first commit. */
export function registeredCrowd(file: NetworkFile): Crowd {
  const reference = ReferenceStore.of(file, () => REQUIRED_WH);
  const signals = new SignalTable({ reference });
  const network = new Network({ surroundings: { reference, signals }, nowMs: BEGIN_MS });
  network.register(...registrationsOf({ reference }));
  network.drain();
  return { network, signals };
}

export interface FirstReport {
  subject: string;
  /** Of the message in the catalogue of messages. */
  key: string;
  envelope: Envelope<unknown>;
  readings: number;
}

/** One reading of every slot, pack and truck. */
export function* firstReports(file: NetworkFile, atMs: number): Iterable<FirstReport> {
  const prng = new Prng(1);
  const head = (src: string, seq: number): MessageHead => ({ src, bootId: 1, seq, atMs });
  const packsByPlace = new Map(file.packs.map((pack) => [pack.initial.id, pack]));
  for (const { id, slots: count } of file.stations) {
    const held = Array.from({ length: count }, (_, index) => packsByPlace.get(slotPlace(id, index + 1).id));
    const slots = held.map((pack, index) => slotReading(index + 1, pack?.id ?? null, prng));
    const packs = held.filter((pack) => pack !== undefined).map((pack) => packReading(pack.id, pack.initial, prng));
    const of = (kind: 'slots' | 'packs') => ({ subject: subject.stationTele(SCOPE, id, kind), key: `station:tele:${kind}` });
    yield { ...of('slots'), envelope: slotsMessage(head(id, 1), slots), readings: slots.length };
    yield { ...of('packs'), envelope: packsMessage(head(id, 2), packs), readings: packs.length };
  }
  for (const { id } of file.trucks) {
    const pack = packsByPlace.get(id);
    const of = (kind: 'truck' | 'pack') => ({ subject: subject.truckTele(SCOPE, id, kind), key: `truck:tele:${kind}`, readings: 1 });
    yield { ...of('truck'), envelope: telemetryEnvelope('tele.truck', head(id, 1), truckReading(id, pack?.id ?? null, prng)) };
    if (pack) yield { ...of('pack'), envelope: telemetryEnvelope('tele.pack', head(id, 2), packReading(pack.id, pack.initial, prng)) };
  }
}

/** Takes the first reports, and tells the actors what follows from them. @returns readings taken */
export function readOnce({ network, signals }: Crowd, file: NetworkFile): number {
  const atMs = BEGIN_MS + 1_000;
  let readings = 0;
  for (const report of firstReports(file, atMs)) {
    signals.ingest(report.key, report.envelope, atMs, (to, event) => network.step({ kind: 'signal', atMs, to, event }));
    readings += report.readings;
    network.drain();
  }
  return readings;
}
