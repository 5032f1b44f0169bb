import type { EventOf } from './actor-event.ts';
import type { Effect, Emitted } from './effect.ts';
import { type EntityKind, refOf } from './entity-ref.ts';

/** A message to another actor. */
export const tell = <K extends EntityKind>(kind: K, id: string, event: EventOf[K]): Emitted => ({
  type: 'tell',
  to: refOf(kind, id),
  event,
});
export const effect = (effect: Effect): Emitted => ({ type: 'effect', effect });
export const many = (emitted: readonly Emitted[]): Emitted => ({ type: 'many', emitted });

export interface AlarmSubject {
  code: string;
  scope: EntityKind;
  scopeId: string;
  /** When it began: part of the id, so that the same alarm of another day is another row. */
  sinceMs: number;
}

/** The same in every run, so that a re-delivery raises nothing twice and the actor need not keep the id. */
export const alarmIdOf = ({ code, scope, scopeId, sinceMs }: AlarmSubject) => `${code}-${scope}-${scopeId}-${sinceMs.toString(36)}`;

export const raiseAlarm = (alarm: AlarmSubject & { level: 1 | 2 | 3; detail: string }): Emitted =>
  effect({
    type: 'alarm.raised',
    atMs: alarm.sinceMs,
    alarmId: alarmIdOf(alarm),
    code: alarm.code,
    level: alarm.level,
    scope: alarm.scope,
    scopeId: alarm.scopeId,
    detail: alarm.detail,
  });

export const clearAlarm = (alarm: AlarmSubject, atMs: number): Emitted =>
  effect({ type: 'alarm.cleared', atMs, alarmId: alarmIdOf(alarm) });
