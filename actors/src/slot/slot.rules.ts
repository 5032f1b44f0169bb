import type { EventOf } from '../network/actor-event.ts';
import type { Emitted } from '../network/effect.ts';
import { parseRef } from '../network/entity-ref.ts';
import { clearAlarm, raiseAlarm, tell } from '../network/outgoing.ts';

export interface SlotInput {
  id: string;
  stationId: string;
  evseId: number;
}

/** What the pack in the slot says of itself. */
export interface PackCondition {
  issuable: boolean;
  energyWh: number;
  socPercent: number;
  sohPercent: number;
  ownerId: string;
  typeCode: string;
}

export interface SlotContext {
  id: string;
  stationId: string;
  evseId: number;
  packId: string | null;
  condition: PackCondition | null;
  charging: boolean;
  reservedFor: string | null;
  setAside: boolean;
  quarantine: string | null;
  faultCodes: readonly string[];
  /** The gateway's slot sensor; null before its first report. */
  reported: 'EMPTY' | 'HOLDS_PACK' | 'UNAVAILABLE' | null;
  quarantinedSinceMs: number | null;
  /** When the pack in it, or one before without a pause, came where the books had another; absent or null: it did not. */
  twoPacksSinceMs?: number | null;
}

type SlotEvent = EventOf['slot'];
export type SlotEventOf<T extends SlotEvent['type']> = Extract<SlotEvent, { type: T }>;

/** May be given to a truck: what the slot tells the station as its stock. */
export function isOffered({ packId, condition, setAside, quarantine, faultCodes, reported }: SlotContext): boolean {
  const isUsable = !setAside && quarantine === null && faultCodes.length === 0 && reported !== 'UNAVAILABLE' && reported !== 'EMPTY';
  return packId !== null && isUsable && condition?.issuable === true;
}

/** A pack says the same again when its charge begins: neither the slot nor the station's stock is any other by that. */
export function isNews({ condition }: SlotContext, said: SlotEventOf<'slot.packCondition'>): boolean {
  return (
    condition === null ||
    condition.energyWh !== said.energyWh ||
    condition.issuable !== said.issuable ||
    condition.socPercent !== said.socPercent ||
    condition.sohPercent !== said.sohPercent ||
    condition.ownerId !== said.ownerId ||
    condition.typeCode !== said.typeCode
  );
}

export function stock(context: SlotContext, atMs: number): Emitted[] {
  const { condition } = context;
  return [
    tell('station', context.stationId, {
      type: 'station.stockChanged',
      atMs,
      evseId: context.evseId,
      packId: context.packId,
      issuable: isOffered(context),
      energyWh: condition?.energyWh ?? 0,
      socPercent: condition?.socPercent ?? 0,
      sohPercent: condition?.sohPercent ?? 0,
      ownerId: condition?.ownerId ?? '',
      typeCode: condition?.typeCode ?? '',
    }),
  ];
}

/** Since when the alarm of two packs stands: one alarm, however many come before the slot is empty again. */
export const twoPacksSince = ({ twoPacksSinceMs = null }: SlotContext, { atMs }: SlotEventOf<'slot.packInserted'>): number =>
  twoPacksSinceMs ?? atMs;

/** Two packs cannot stand in one slot: whoever was in the books before is now somewhere in the station. */
export function displace(context: SlotContext, inserted: SlotEventOf<'slot.packInserted'>): Emitted[] {
  const { packId, atMs } = inserted;
  if (context.packId === null || context.packId === packId) return [];
  const place = { kind: 'TRANSFER' as const, id: context.stationId };
  return [
    tell('pack', context.packId, { type: 'pack.seen', atMs, place, socPercent: null, sohPercent: null, evidence: 'INVENTORY' }),
    raiseAlarm({
      code: 'SLOT_TWO_PACKS',
      scope: 'slot',
      scopeId: context.id,
      sinceMs: twoPacksSince(context, inserted),
      level: 2,
      detail: `${packId} came where the books had ${context.packId}`,
      args: { packId, otherPackId: context.packId },
    }),
  ];
}

/** The charger's registers are the pack's energy, wherever the books have the pack. */
export function passCharge(context: SlotContext, { event, charge, atMs }: SlotEventOf<'slot.chargeReported'>): Emitted[] {
  return [tell('pack', charge.packId, { type: 'pack.charged', atMs, event, stationId: context.stationId, charge })];
}

const quarantineAlarm = ({ id }: SlotContext, sinceMs: number) =>
  ({ code: 'SLOT_QUARANTINED', scope: 'slot', scopeId: id, sinceMs }) as const;

export function quarantined(context: SlotContext, atMs: number, reason: string): Emitted[] {
  if (context.quarantine !== null) return [];
  return [raiseAlarm({ ...quarantineAlarm(context, atMs), level: 2, detail: reason, args: { reason } })];
}

export function returned(context: SlotContext, atMs: number): Emitted[] {
  return context.quarantinedSinceMs === null ? [] : [clearAlarm(quarantineAlarm(context, context.quarantinedSinceMs), atMs)];
}

/** A pack that the books do not know stands here: an unknown serial closes the slot. */
export function isUnknownPack({ to }: SlotEventOf<'delivery.bounced'>): boolean {
  return parseRef(to).kind === 'pack';
}

export function reportedOf(value: string | null): SlotContext['reported'] {
  return value === 'EMPTY' || value === 'HOLDS_PACK' || value === 'UNAVAILABLE' ? value : null;
}
