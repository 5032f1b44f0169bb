import { VEHICLE_STATES } from '@corridor/protocols/tele/truck';
import type { EventOf } from '../network/actor-event.ts';
import type { Emitted } from '../network/effect.ts';
import { refOf } from '../network/entity-ref.ts';
import { clearAlarm, effect, raiseAlarm, tell } from '../network/outgoing.ts';
import type { Surroundings } from '../network/reference.ts';
import { packEnergyWh } from '../rating/pack-energy.ts';

export interface TruckInput {
  id: string;
  /** Custody at registration. */
  packId: string | null;
}

export type VehicleState = (typeof VEHICLE_STATES)[number];

export interface TruckContext {
  id: string;
  /** Pack on board by the books; null while it has none. */
  packId: string | null;
  vehicleState: VehicleState;
  /** Order that has it for itself. */
  orderId: string | null;
  /** Why an order blocked it; null: none did. */
  blockedFor: string | null;
  /** For whom a person stopped it, the platform or its carrier; null or absent: nobody did. */
  stoppedFor?: string | null;
  strandedSinceMs: number | null;
  /** In the queue of a station, or out of it into the bay. */
  queueingSinceMs: number | null;
  /** When its last swap was billed [m]; null: none was. */
  odometerAtSwapM: number | null;
  /** When the pack on board was fitted; absent: before that was noted. */
  fittedAtMs?: number;
  /** What its last pack held when it was taken off other than by a swap [Wh]; null or absent: it has one, or nobody knows. */
  leftWh?: number | null;
}

type TruckEvent = EventOf['truck'];
export type TruckEventOf<T extends TruckEvent['type']> = Extract<TruckEvent, { type: T }>;

/** Below this a swap is overdue. */
export const SWAP_NOW_SOC_PERCENT = 15;

/** It takes part in no new swap: a person or an order said so. */
export const isBlocked = ({ blockedFor, stoppedFor }: TruckContext): boolean => blockedFor !== null || (stoppedFor ?? null) !== null;

export const isReplayed = ({ id }: TruckContext, { reference }: Surroundings) => reference.truck(id)?.replayed === true;

const KNOWN_STATES = new Map<string, VehicleState>(VEHICLE_STATES.map((state) => [state, state]));
export const vehicleStateOf = (text: string | null): VehicleState | null => (text === null ? null : (KNOWN_STATES.get(text) ?? null));

/** Since when it waits for a swap: the time in the bay before the swap counts. */
export function queueingSince(context: TruckContext, next: VehicleState | null, atMs: number): number | null {
  if (next === 'QUEUEING' || (next === 'IN_BAY' && context.queueingSinceMs !== null)) return context.queueingSinceMs ?? atMs;
  return next === null ? context.queueingSinceMs : null;
}

/** Check 3 (registered, not blocked) and 10 (no other open order) of an authorisation; null: it may be booked. */
export function bookingRefusal(
  context: TruckContext,
  orderId: string,
  { reference }: Surroundings,
): 'TRUCK_NOT_REGISTERED' | 'CONCURRENT_ORDER' | null {
  const definition = reference.truck(context.id);
  if (definition === undefined || definition.replayed || isBlocked(context)) return 'TRUCK_NOT_REGISTERED';
  return context.orderId !== null && context.orderId !== orderId ? 'CONCURRENT_ORDER' : null;
}

export function answerBooking(context: TruckContext, ask: TruckEventOf<'truck.bookingRequested'>, surroundings: Surroundings): Emitted[] {
  const { orderId, atMs } = ask;
  const definition = surroundings.reference.truck(context.id);
  const reason = bookingRefusal(context, orderId, surroundings);
  if (reason !== null || definition === undefined) {
    return [tell('order', orderId, { type: 'order.truckRefused', atMs, reason: reason ?? 'TRUCK_NOT_REGISTERED' })];
  }
  const { signals } = surroundings;
  const reported = (signal: string) => {
    const value = signals.number('truck', context.id, signal);
    return Number.isFinite(value) ? value : null;
  };
  const direction = signals.text('truck', context.id, 'direction');
  return [
    tell('order', orderId, {
      type: 'order.truckBooked',
      atMs,
      carrierId: definition.carrierId,
      packId: context.packId,
      socPercent: reported('socPercent'),
      grossMassKg: reported('grossMassKg'),
      direction: direction === 'WEST' || direction === 'EAST' ? direction : null,
      destinationChainageM: null,
      odometerM: reported('odometerM'),
      odometerAtSwapM: context.odometerAtSwapM ?? definition.initialOdometerM ?? null,
      waitedMs: context.queueingSinceMs === null ? null : Math.max(0, atMs - context.queueingSinceMs),
    }),
  ];
}

/** A truck carries one pack: the one that the books had on it went somewhere that nobody told (half a swap). */
export function displace(context: TruckContext, { packId, atMs }: TruckEventOf<'truck.packFitted'>): Emitted[] {
  if (context.packId === null || context.packId === packId) return [];
  const place = { kind: 'TRANSFER' as const, id: context.id };
  return [
    tell('pack', context.packId, { type: 'pack.seen', atMs, place, socPercent: null, sohPercent: null, evidence: 'INVENTORY' }),
    raiseAlarm({
      code: 'TRUCK_TWO_PACKS',
      scope: 'truck',
      scopeId: context.id,
      sinceMs: atMs,
      level: 2,
      detail: `${packId} was fitted where the books had ${context.packId}`,
      args: { packId, otherPackId: context.packId },
    }),
  ];
}

/** Energy of a pack that comes off [Wh]; null: a swap took it, or nobody knows what it is. */
export function leftWh({ packId, content }: TruckEventOf<'truck.packRemoved'>, { reference }: Surroundings): number | null {
  const nominalWh = reference.packType(reference.pack(packId)?.typeCode ?? '')?.nominalWh;
  return content === undefined || nominalWh === undefined ? null : packEnergyWh({ ...content, nominalWh });
}

/** Events of two stations are not ordered among each other: what was fitted before the newest fit is over. */
export const isOutrun = ({ fittedAtMs }: TruckContext, { atMs }: { atMs: number }): boolean =>
  fittedAtMs !== undefined && atMs < fittedAtMs;

/** A pack that it got before the newest: off again by then, and nobody told where. */
export function outrun(context: TruckContext, { packId, atMs: saidMs }: TruckEventOf<'truck.packFitted'>): Emitted[] {
  if (context.packId === packId) return [];
  const atMs = context.fittedAtMs ?? saidMs;
  const place = { kind: 'TRANSFER' as const, id: context.id };
  return [tell('pack', packId, { type: 'pack.seen', atMs, place, socPercent: null, sohPercent: null, evidence: 'INVENTORY' })];
}

const stranding = ({ id }: TruckContext, sinceMs: number) => ({ code: 'TRUCK_STRANDED', scope: 'truck', scopeId: id, sinceMs }) as const;

/** @returns the alarm that a change of the vehicle's state raises or clears */
export function strandingChanged(context: TruckContext, next: VehicleState | null, atMs: number): Emitted[] {
  if (next === 'STRANDED' && context.strandedSinceMs === null) {
    return [raiseAlarm({ ...stranding(context, atMs), level: 2, detail: `${context.id} cannot go on`, args: {} })];
  }
  if (next !== null && next !== 'STRANDED' && context.strandedSinceMs !== null) {
    return [clearAlarm(stranding(context, context.strandedSinceMs), atMs)];
  }
  return [];
}

export function socCrossed(context: TruckContext, event: TruckEventOf<'signal.crossed'>, { reference }: Surroundings): Emitted[] {
  if (event.signal !== 'socPercent' || event.side !== 'BELOW' || event.value > SWAP_NOW_SOC_PERCENT) return [];
  const definition = reference.truck(context.id);
  if (definition === undefined || definition.replayed) return [];
  const { atMs } = event;
  const notice = { code: 'SWAP_NOW', plate: definition.plate, socPercent: Math.floor(event.value) } as const;
  return [
    effect({ type: 'notification.sent', atMs, to: refOf('truck', context.id), notice }),
    effect({ type: 'notification.sent', atMs, to: `principal:${definition.carrierId}`, notice }),
  ];
}
