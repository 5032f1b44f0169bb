import { Network } from '@corridor/actors/network/network';
import { ReferenceStore } from '@corridor/actors/network/reference-store';
import { registrationsOf } from '@corridor/actors/network/registration';
import { SignalTable } from '@corridor/actors/network/signal-table';
import { Prng } from '@corridor/actors/time/prng';
import type { NetworkFile, PackDefinition } from '@corridor/protocols/network-file';
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

/** One reading of every slot, pack and truck, and what the actors are told of it. @returns readings taken */
export function readOnce({ network, signals }: Crowd, file: NetworkFile): number {
  const prng = new Prng(1);
  const atMs = BEGIN_MS + 1_000;
  const head = (src: string): MessageHead => ({ src, bootId: 1, seq: 1, atMs });
  const take = (key: string, envelope: Parameters<SignalTable['ingest']>[1]): void => {
    signals.ingest(key, envelope, atMs, (to, event) => network.step({ kind: 'signal', atMs, to, event }));
  };
  let readings = 0;
  const packsBySlot = new Map(file.packs.map((pack) => [pack.initial.id, pack]));
  for (const station of file.stations) {
    const held = Array.from({ length: station.slots }, (_, index) => packsBySlot.get(slotPlace(station.id, index + 1).id));
    const slots = held.map((pack, index) => slotReading(index + 1, pack?.id ?? null, prng));
    const inSlots = held.filter((pack): pack is PackDefinition => pack !== undefined);
    const packs = inSlots.map(({ id, initial }) => packReading(id, initial, prng));
    take('station:tele:slots', slotsMessage(head(station.id), slots));
    take('station:tele:packs', packsMessage({ ...head(station.id), seq: 2 }, packs));
    readings += slots.length + packs.length;
    network.drain();
  }
  for (const truck of file.trucks) {
    const pack = packsBySlot.get(truck.id);
    take('truck:tele:truck', telemetryEnvelope('tele.truck', head(truck.id), truckReading(truck.id, pack?.id ?? null, prng)));
    readings += 1;
    if (!pack) continue;
    take('truck:tele:pack', telemetryEnvelope('tele.pack', { ...head(truck.id), seq: 2 }, packReading(pack.id, pack.initial, prng)));
    readings += 1;
    if (readings % 1_000 === 0) network.drain();
  }
  network.drain();
  return readings;
}
