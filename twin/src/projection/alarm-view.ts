import type { EffectOf } from '@corridor/actors/network/effect';
import type { AlarmView } from '@corridor/protocols/http/scene';
import { partiesOf } from './kpis.ts';
import type { LiveFacts } from './live-facts.ts';
import { maySeeOrder } from './order-summary.ts';
import { maskPack, packView } from './pack-view.ts';
import type { Rights } from './rights.ts';
import { isOwnTruck } from './truck-view.ts';

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
  const { scope, scopeId } = alarm;
  if (scope === 'order') return maySeeOrderNow(scopeId, rights, live);
  if (scope === 'pack') return maySeePack(scopeId, rights, live);
  if (rights.kind === 'DRIVER') return (scope === 'truck' || scope === 'gateway') && isOwnTruck(scopeId, rights, live);
  return ownersOf(alarm, live).includes(rights.principalId);
}

function maySeeOrderNow(orderId: string, rights: Rights, live: LiveFacts): boolean {
  const order = live.facts.orders.get(orderId);
  return order !== undefined && maySeeOrder(partiesOf({ ...order, packIds: [order.returnPackId, order.issuePackId] }, live), rights);
}

/** A fault of a pack concerns its owner, and whoever has it now. */
function maySeePack(packId: string, rights: Rights, live: LiveFacts): boolean {
  const pack = live.reference.pack(packId);
  return pack !== undefined && maskPack(packView(pack, live), rights, live) !== null;
}

function ownersOf({ scope, scopeId }: { scope: string; scopeId: string }, { reference }: LiveFacts): (string | undefined | null)[] {
  switch (scope) {
    case 'station':
      return [reference.station(scopeId)?.operatorId];
    case 'bay':
    case 'slot':
    case 'swap':
      return [reference.station(scopeId.slice(0, scopeId.lastIndexOf('-')))?.operatorId];
    case 'gateway':
      return [reference.station(scopeId)?.operatorId, reference.truck(scopeId)?.carrierId];
    case 'truck':
      return [reference.truck(scopeId)?.carrierId];
    case 'account':
      return [scopeId];
    default:
      return [];
  }
}
