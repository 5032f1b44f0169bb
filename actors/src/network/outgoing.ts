import type { AlarmArgs, AlarmCode, ArgsOf } from '@corridor/protocols/alarm-code';
import { NOTHING } from '../engine/engine-event.ts';
import type { EventOf } from './actor-event.ts';
import type { Effect, Emitted } from './effect.ts';
import type { EntityKind } from './entity-ref.ts';
import { Tell } from './message.ts';

/** A message to another actor. */
export const tell = <K extends EntityKind>(kind: K, id: string, event: EventOf[K]): Tell => new Tell(kind, id, event);
export const effect = (effect: Effect): Emitted => ({ type: 'effect', effect });
export const many = (emitted: readonly Emitted[]): Emitted => (emitted.length === 0 ? NOTHING : { type: 'many', emitted });

export interface AlarmSubject {
  code: string;
  scope: EntityKind;
  scopeId: string;
  /** When it began: part of the id, so that the same alarm of another day is another row. */
  sinceMs: number;
}

/** The same in every run, so that a re-delivery raises nothing twice and the actor need not keep the id. */
export const alarmIdOf = ({ code, scope, scopeId, sinceMs }: AlarmSubject) => `${code}-${scope}-${scopeId}-${sinceMs.toString(36)}`;

/** What is wrong, for people: `detail` as an English sentence. */
interface AlarmText {
  level: 1 | 2 | 3;
  detail: string;
  /** When the level of one that stands rose; absent: it begins. */
  escalatedAtMs?: number;
}

/** An alarm of the platform, with what it says as arguments of its code. */
export const raiseAlarm = <C extends AlarmCode>(alarm: AlarmSubject & AlarmText & { code: C; args: ArgsOf<C> }): Emitted =>
  raised(alarm, alarm.args);

/** An alarm by a code that is not the platform's: a fault of a station, the reason of an abnormal order. */
export const passOnAlarm = (alarm: AlarmSubject & AlarmText, args: AlarmArgs = {}): Emitted => raised(alarm, args);

const raised = (alarm: AlarmSubject & AlarmText, args: AlarmArgs): Emitted =>
  effect({
    type: 'alarm.raised',
    atMs: alarm.sinceMs,
    ...(alarm.escalatedAtMs === undefined ? {} : { escalatedAtMs: alarm.escalatedAtMs }),
    alarmId: alarmIdOf(alarm),
    code: alarm.code,
    level: alarm.level,
    scope: alarm.scope,
    scopeId: alarm.scopeId,
    detail: alarm.detail,
    args,
  });

export const clearAlarm = (alarm: AlarmSubject, atMs: number): Emitted =>
  effect({ type: 'alarm.cleared', atMs, alarmId: alarmIdOf(alarm) });
