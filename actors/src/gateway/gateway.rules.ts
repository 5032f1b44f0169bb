import type { SourceKind } from '@corridor/protocols/subject';
import type { EventOf } from '../network/actor-event.ts';
import type { Emitted } from '../network/effect.ts';
import { clearAlarm, raiseAlarm, tell } from '../network/outgoing.ts';

export interface GatewayInput {
  id: string;
  source: SourceKind;
}

export interface GatewayContext {
  id: string;
  source: SourceKind;
  /** Start counter of the source; 0 while it never reported. */
  bootId: number;
  firmware: string | null;
  /** Since when it is silent; null while it is heard. */
  silentSinceMs: number | null;
  /** Since when its clock is off by too much; null while it is right. */
  skewedSinceMs: number | null;
  /** Since when its events are refused for the number of its boot; absent or null: they are not. */
  lockedOutSinceMs?: number | null;
}

type GatewayEvent = EventOf['gateway'];
type Event<T extends GatewayEvent['type']> = Extract<GatewayEvent, { type: T }>;

const silence = ({ id }: GatewayContext, sinceMs: number) => ({ code: 'GATEWAY_OFFLINE', scope: 'gateway', scopeId: id, sinceMs }) as const;
const skew = ({ id }: GatewayContext, sinceMs: number) => ({ code: 'CLOCK_SKEW', scope: 'gateway', scopeId: id, sinceMs }) as const;

/** Why nothing is heard of it. */
const SILENCES = {
  HEARTBEAT_MISSING: 'its heartbeat is missing',
  CREDENTIALS_REVOKED: 'its credentials were revoked',
} as const;

/** Heard (again). Trucks pass tunnels, so that silence of a T-box is a state but no alarm. */
export function heard(context: GatewayContext, atMs: number): Emitted[] {
  if (context.source === 'truck') return [];
  const cleared = context.silentSinceMs === null ? [] : [clearAlarm(silence(context, context.silentSinceMs), atMs)];
  return [tell('station', context.id, { type: 'station.gatewayOnline', atMs }), ...cleared];
}

/** @param why that the platform saw, or what it said itself before it stopped */
export function fellSilent(context: GatewayContext, atMs: number, why: keyof typeof SILENCES | { said: string }): Emitted[] {
  if (context.source === 'truck' || context.silentSinceMs !== null) return [];
  const [detail, args] =
    typeof why === 'string' ? [SILENCES[why], { cause: why, said: '' }] : [why.said, { cause: 'STOPPED', said: why.said }];
  return [
    tell('station', context.id, { type: 'station.gatewayOffline', atMs }),
    raiseAlarm({ ...silence(context, atMs), level: 2, detail, args }),
  ];
}

export function eventsLost(context: GatewayContext, { atMs, missingFrom, missingTo }: Event<'gateway.gapSkipped'>): Emitted[] {
  const detail = `events ${missingFrom} to ${missingTo} never came; swaps among them are not billed`;
  const args = { from: missingFrom, to: missingTo };
  return [raiseAlarm({ code: 'EVENTS_LOST', scope: 'gateway', scopeId: context.id, sinceMs: atMs, level: 3, detail, args })];
}

const lockOut = ({ id }: GatewayContext, sinceMs: number) =>
  ({ code: 'SOURCE_LOCKED_OUT', scope: 'gateway', scopeId: id, sinceMs }) as const;

/** Somebody has to look: its counter was lost, or somebody else spoke in its name. */
export function lockedOut(context: GatewayContext, { atMs, reason }: Event<'gateway.lockedOut'>): Emitted[] {
  if ((context.lockedOutSinceMs ?? null) !== null) return [];
  const detail = `events of ${context.id} are refused, ${reason}: revoke its credentials and enrol it anew`;
  return [raiseAlarm({ ...lockOut(context, atMs), level: 2, detail, args: { reason } })];
}

/** Heard again, or to begin anew. */
export function lockOutEnded(context: GatewayContext, atMs: number): Emitted[] {
  const { lockedOutSinceMs = null } = context;
  return lockedOutSinceMs === null ? [] : [clearAlarm(lockOut(context, lockedOutSinceMs), atMs)];
}

/** Clocks further off than this are an alarm; the offset that telemetry is corrected by is the host's. */
export const SKEW_ALARM_MS = 60_000;

export const isSkewed = (offsetMs: number) => Math.abs(offsetMs) > SKEW_ALARM_MS;

export function clockSkewed(context: GatewayContext, { atMs, offsetMs }: Event<'gateway.clockSkewed'>): Emitted[] {
  if (isSkewed(offsetMs) === (context.skewedSinceMs !== null)) return [];
  if (context.skewedSinceMs !== null) return [clearAlarm(skew(context, context.skewedSinceMs), atMs)];
  const offsetS = Math.round(offsetMs / 1000);
  return [raiseAlarm({ ...skew(context, atMs), level: 1, detail: `clock is ${offsetS} s off`, args: { offsetS } })];
}
