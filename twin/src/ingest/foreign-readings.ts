import type { QualityFlag } from '@corridor/protocols/envelope';
import type { PackReading, PacksTelemetry } from '@corridor/protocols/tele/packs';
import type { PackHolders, Speaker } from './pack-holders.ts';
import type { TimedTelemetry } from './telemetry-intake.ts';

type Message = TimedTelemetry['decoded'];

/** A message of which some readings are of packs that somebody else holds. */
export interface WithForeign {
  readonly foreign: readonly PackReading[];
  /** The message without them; null: nothing is left. */
  readonly own: Message | null;
  /** Index of each of them -> its flags, for history. */
  readonly flags: ReadonlyMap<number, readonly QualityFlag[]>;
}

const FLAGS: readonly QualityFlag[] = ['FOREIGN'];

/**
 * What of a live message its source may not say. What was buffered is history, and history is not judged by custody of now.
 * @returns null when all of it counts, as nearly always: then nothing is allocated but the speaker
 */
export function foreignOf(holders: PackHolders, { decoded, eventAtMs }: TimedTelemetry): WithForeign | null {
  const { key, subject, envelope } = decoded;
  if (envelope.backfill) return null;
  if (key === 'truck:tele:pack') {
    const reading = envelope.data as PackReading;
    if (holders.mayReport(subject, reading.packId, eventAtMs)) return null;
    return { foreign: [reading], own: null, flags: new Map([[0, FLAGS]]) };
  }
  if (key !== 'station:tele:packs') return null;
  const data = envelope.data as PacksTelemetry['data'];
  if (data.packs.every(({ packId }) => holders.mayReport(subject, packId, eventAtMs))) return null;
  return split(decoded, data, ({ packId }) => holders.mayReport(subject, packId, eventAtMs));
}

function split(decoded: Message, data: PacksTelemetry['data'], isOwn: (reading: PackReading) => boolean): WithForeign {
  const flags = new Map<number, readonly QualityFlag[]>();
  for (const [index, reading] of data.packs.entries()) if (!isOwn(reading)) flags.set(index, FLAGS);
  const own = {
    ...decoded,
    envelope: { ...decoded.envelope, data: { ...data, packs: data.packs.filter((_, index) => !flags.has(index)) } },
  };
  return { foreign: data.packs.filter((_, index) => flags.has(index)), own, flags };
}

/** Said again while it goes on, because what nobody confirms is dropped [scope ms]. */
const SAY_AGAIN_MS = 60 * 60_000;

/** A claim against custody is no news about the pack, but it is about its place: it may be there, or twice. */
export class ForeignSightings {
  readonly #said = new Map<string, { place: string; atMs: number }>();

  /** @returns where the source says that it holds the pack, `TRUCK:T001`; null when that is no news, or no place of its own */
  of({ source, id }: Speaker, { packId, location }: PackReading, atMs: number): string | null {
    const isOfSlot = location.kind === 'SLOT' && location.id.startsWith(`${id}-`);
    if (source === 'station' && !isOfSlot) return null;
    const place = source === 'truck' ? `TRUCK:${id}` : `SLOT:${location.id}`;
    const said = this.#said.get(packId);
    if (said?.place === place && atMs - said.atMs < SAY_AGAIN_MS) return null;
    this.#said.set(packId, { place, atMs });
    return place;
  }
}
