import type { EffectOf } from '@corridor/actors/network/effect';
import type { AlarmView } from '@corridor/protocols/http/scene';
import type { LiveFacts } from './live-facts.ts';
import type { Rights } from './rights.ts';

export function alarmView(raised: EffectOf<'alarm.raised'>, clearedAtMs: number | null): AlarmView {
  return {
    id: raised.alarmId,
    code: raised.code,
    level: raised.level,
    scope: raised.scope,
    scopeId: raised.scopeId,
    detail: raised.detail,
    raisedAt: new Date(raised.atMs).toISOString(),
    clearedAt: clearedAtMs === null ? null : new Date(clearedAtMs).toISOString(),
  };
}

/** An alarm concerns whoever the thing belongs to. */
export function maySeeAlarm(alarm: { scope: string; scopeId: string }, rights: Rights, live: LiveFacts): boolean {
  if (rights.kind === 'ALL') return true;
  if (rights.kind === 'PUBLIC') return false;
  return ownersOf(alarm, live).includes(rights.principalId);
}

function ownersOf({ scope, scopeId }: { scope: string; scopeId: string }, { reference, facts }: LiveFacts): (string | undefined | null)[] {
  switch (scope) {
    case 'station':
      return [reference.station(scopeId)?.operatorId];
    case 'bay':
    case 'slot':
    case 'swap':
      return [reference.station(scopeId.slice(0, scopeId.lastIndexOf('-')))?.operatorId];
    case 'gateway':
      return [reference.station(scopeId)?.operatorId, reference.truck(scopeId)?.carrierId];
    case 'pack':
      return [reference.pack(scopeId)?.ownerId];
    case 'truck':
      return [reference.truck(scopeId)?.carrierId];
    case 'account':
      return [scopeId];
    case 'order':
      return [facts.orders.get(scopeId)?.carrierId];
    default:
      return [];
  }
}
