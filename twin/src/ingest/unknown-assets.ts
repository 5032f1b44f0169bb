import type { Reference } from '@corridor/actors/network/reference';
import type { Decoded, Refusal } from '@corridor/protocols/decode';
import { bayIdOf } from '@corridor/protocols/ids';
import type { BayTelemetry } from '@corridor/protocols/tele/bay';
import type { PackReading, PacksTelemetry } from '@corridor/protocols/tele/packs';
import type { SlotsTelemetry } from '@corridor/protocols/tele/slots';
import type { TwinRefusal } from './event-intake.ts';

/** Readings that are about nothing that is registered. */
export interface UnknownAssets {
  readonly reason: Extract<Refusal | TwinRefusal, 'ASSET_UNKNOWN' | 'SOURCE_MISMATCH'>;
  readonly detail: string;
  readonly readings: number;
  /** Whether nothing of the message is left. */
  readonly isAll: boolean;
}

/** Ids that a refusal names at most. */
const NAMED_MAX = 10;

/**
 * Takes the readings out of a message whose packs, slots or bay nobody registered: they have no actor, and a source that
 * makes ids up must not fill tables with them.
 * @returns null when there are none, as nearly always: then nothing is allocated
 */
export function takeOutUnknown(reference: Reference, { key, subject, envelope }: Extract<Decoded, { ok: true }>): UnknownAssets | null {
  switch (key) {
    case 'truck:tele:pack': {
      const { packId } = envelope.data as PackReading;
      return reference.pack(packId) === undefined ? refused([packId], 'pack', true) : null;
    }
    case 'station:tele:packs': {
      const data = envelope.data as PacksTelemetry['data'];
      const isKnown = ({ packId }: PackReading): boolean => reference.pack(packId) !== undefined;
      if (data.packs.every(isKnown)) return null;
      const unknown = data.packs.filter((reading) => !isKnown(reading)).map(({ packId }) => packId);
      data.packs = data.packs.filter(isKnown);
      return refused(unknown, 'pack', data.packs.length === 0);
    }
    case 'station:tele:slots': {
      const data = envelope.data as SlotsTelemetry['data'];
      const slots = reference.station(subject.id)?.slots ?? 0;
      if (data.slots.every(({ evseId }) => evseId <= slots)) return null;
      const unknown = data.slots.filter(({ evseId }) => evseId > slots).map(({ evseId }) => `${evseId}`);
      data.slots = data.slots.filter(({ evseId }) => evseId <= slots);
      return refused(unknown, 'slot', data.slots.length === 0);
    }
    case 'station:tele:bay':
      return bayOf(reference, subject.id, (envelope.data as BayTelemetry['data']).bayId);
    default:
      return null;
  }
}

function bayOf(reference: Reference, stationId: string, bayId: string): UnknownAssets | null {
  const bays = reference.station(stationId)?.bays ?? 0;
  for (let bay = 1; bay <= bays; bay += 1) if (bayIdOf(stationId, bay) === bayId) return null;
  if (bayId.startsWith(`${stationId}-B`)) return refused([bayId], 'bay', true);
  return { reason: 'SOURCE_MISMATCH', detail: `bay ${bayId} on the subject of ${stationId}`, readings: 1, isAll: true };
}

function refused(ids: readonly string[], what: 'pack' | 'slot' | 'bay', isAll: boolean): UnknownAssets {
  const more = ids.length > NAMED_MAX ? ` and ${ids.length - NAMED_MAX} more` : '';
  const detail = `not registered: ${what} ${ids.slice(0, NAMED_MAX).join(', ')}${more}`;
  return { reason: 'ASSET_UNKNOWN', detail, readings: ids.length, isAll };
}
