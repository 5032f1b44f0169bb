import { slotIdOf } from '@corridor/protocols/ids';
import type { Emitted } from '../network/effect.ts';
import { clearAlarm, raiseAlarm, tell } from '../network/outgoing.ts';
import type { Reference } from '../network/reference.ts';
import type { StationContext, StationEventOf } from './station.rules.ts';

type Inventory = StationEventOf<'station.inventoryReported'>;
type Row = Inventory['slots'][number];

/** Why an inventory, or a row of it, is not taken, and what it says there. */
interface Doubt {
  reason: 'TIME_IMPLAUSIBLE' | 'EVSE_UNKNOWN' | 'EVSE_TWICE' | 'PACK_TWICE';
  what: string;
}

const timesIn = <T>(values: readonly T[], value: T): number => values.filter((other) => other === value).length;

/** Null: the row can be true. Of two rows that exclude each other nobody knows which one is. */
function doubtOf(row: Row, slots: readonly Row[], slotsOfStation: number): Doubt | null {
  const { evseId, packId } = row;
  const what = packId === null ? `${evseId}` : `${evseId} ${packId}`;
  if (evseId > slotsOfStation) return { reason: 'EVSE_UNKNOWN', what };
  const evseIds = slots.map((other) => other.evseId);
  if (timesIn(evseIds, evseId) > 1) return { reason: 'EVSE_TWICE', what };
  const packIds = slots.map((other) => other.packId);
  return packId !== null && timesIn(packIds, packId) > 1 ? { reason: 'PACK_TWICE', what } : null;
}

/** What of an inventory cannot be true; empty: all of it can. One whose time is not believed says nothing about now. */
export function doubtsOf({ id }: StationContext, { slots, saidAt, timeBelieved }: Inventory, reference: Reference): Doubt[] {
  if (!timeBelieved) return [{ reason: 'TIME_IMPLAUSIBLE', what: saidAt }];
  const slotsOfStation = reference.station(id)?.slots ?? 0;
  return slots.flatMap((row) => doubtOf(row, slots, slotsOfStation) ?? []);
}

const alarmOf = ({ id }: StationContext, sinceMs: number) =>
  ({ code: 'INVENTORY_DOUBTFUL', scope: 'station', scopeId: id, sinceMs }) as const;

/** One alarm until an inventory comes that can be true whole. */
function told(context: StationContext, { atMs }: Inventory, doubts: readonly Doubt[]): Emitted[] {
  const { doubtfulSinceMs = null } = context;
  const [first] = doubts;
  if (first === undefined) return doubtfulSinceMs === null ? [] : [clearAlarm(alarmOf(context, doubtfulSinceMs), atMs)];
  if (doubtfulSinceMs !== null) return [];
  const detail = `not taken: ${doubts.map(({ reason, what }) => `${reason} ${what}`).join(', ')}`;
  return [raiseAlarm({ ...alarmOf(context, atMs), level: 2, detail, args: { ...first, doubts: doubts.length } })];
}

/** The gateway's count of its slots: every pack in it hears where it was seen, every slot what its sensor says. */
export function reconcileInventory(context: StationContext, event: Inventory, reference: Reference): Emitted[] {
  const { atMs, slots, timeBelieved } = event;
  const slotsOfStation = reference.station(context.id)?.slots ?? 0;
  const taken = timeBelieved ? slots.filter((row) => doubtOf(row, slots, slotsOfStation) === null) : [];
  const seen = taken.flatMap(({ evseId, packId, slotState, socPercent, sohPercent }) => {
    const id = slotIdOf(context.id, evseId);
    const slot = tell('slot', id, { type: 'signal.changed', atMs, signal: 'slotState', value: slotState });
    if (packId === null) return [slot];
    if (reference.pack(packId) === undefined) {
      return [slot, tell('slot', id, { type: 'slot.quarantined', atMs, reason: 'BATTERY_UNKNOWN' })];
    }
    const place = { kind: 'SLOT' as const, id };
    return [slot, tell('pack', packId, { type: 'pack.seen', atMs, place, socPercent, sohPercent, evidence: 'INVENTORY' })];
  });
  return [...told(context, event, doubtsOf(context, event, reference)), ...seen];
}
