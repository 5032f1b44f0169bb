import { alarmRuleOf, isEndedByPerson } from '@corridor/protocols/alarm-code';
import type { AlarmAct, AlarmState, AlarmView } from '@corridor/protocols/http/scene';
import type { Shelf } from './alarm-shelf.ts';
import { causeOf, isOutOfService, stationIdOf } from './alarm-suppression.ts';
import type { RaisedAlarm } from './facts.ts';
import type { LiveFacts } from './live-facts.ts';
import { partiesOfOrder, tookPart } from './order-parties.ts';
import { maskPack, packView } from './pack-view.ts';
import type { Rights } from './rights.ts';
import { stationAt } from './station-at.ts';
import { isOwnTruck } from './truck-view.ts';

/** What an alarm is about, as far as rights go by it. */
export interface AlarmConcern {
  readonly code: string;
  readonly scope: string;
  readonly scopeId: string;
}

/** Of this level and above nothing is put aside: it needs a person now. */
const SHELVED_BELOW_LEVEL = 3;

export function alarmView(alarm: RaisedAlarm, rights: Rights, live: LiveFacts): AlarmView {
  const { raised, acknowledged, closed } = alarm;
  const mayAct = mayAcknowledge(raised, rights, live);
  const shelf = shelfOf(alarm, live);
  return {
    id: raised.alarmId,
    code: raised.code,
    level: raised.level,
    scope: raised.scope,
    scopeId: raised.scopeId,
    detail: raised.detail,
    args: raised.args,
    state: alarmStateOf(alarm, live),
    raisedAt: timeText(raised.atMs),
    escalatedAt: raised.escalatedAtMs === undefined ? null : timeText(raised.escalatedAtMs),
    clearedAt: alarm.clearedAtMs === null ? null : timeText(alarm.clearedAtMs),
    acknowledgedAt: acknowledged === null ? null : timeText(acknowledged.atMs),
    acknowledgedBy: mayAct ? (acknowledged?.by ?? null) : null,
    closedAt: closed === null ? null : timeText(closed.atMs),
    closedBy: mayAct ? (closed?.by ?? null) : null,
    closeReason: mayAct ? (closed?.note ?? null) : null,
    stationId: stationIdOf(raised.scope, raised.scopeId, live),
    shelf:
      shelf === null
        ? null
        : { since: timeText(shelf.sinceMs), until: timeText(shelf.untilMs), by: mayAct ? shelf.by : null, reason: shelf.reason },
    suppressedBy: standsIn(alarm) ? causeOf(alarm, live) : null,
    acts: actsOn(alarm, rights, live),
  };
}

const timeText = (atMs: number): string => new Date(atMs).toISOString();

/** Neither normal again nor closed. */
const standsIn = ({ clearedAtMs, closed }: RaisedAlarm): boolean => clearedAtMs === null && closed === null;

/** What was put aside while it was harmless, and needs a person now, comes back: its level goes by what is measured. */
function shelfOf(alarm: RaisedAlarm, live: LiveFacts): Shelf | null {
  return isShelvable(alarm) ? live.facts.shelves.of(alarm.raised, live.nowMs()) : null;
}

/** What a person put aside comes before what the rules do: he wants to find it where he put it. */
export function alarmStateOf(alarm: RaisedAlarm, live: LiveFacts): AlarmState {
  const { clearedAtMs, acknowledged, closed } = alarm;
  if (closed !== null) return 'ENDED';
  if (clearedAtMs !== null) return acknowledged === null ? 'RETURNED' : 'ENDED';
  if (shelfOf(alarm, live) !== null) return 'SHELVED';
  if (isOutOfService(alarm, live)) return 'OUT_OF_SERVICE';
  if (causeOf(alarm, live) !== null) return 'SUPPRESSED';
  return acknowledged === null ? 'UNACKNOWLEDGED' : 'ACKNOWLEDGED';
}

/** Whether it may be put aside at all, whoever asks: what needs a person now may not, nor what is over. */
export const isShelvable = (alarm: RaisedAlarm): boolean => alarm.raised.level < SHELVED_BELOW_LEVEL && standsIn(alarm);

/** Whether it may be closed at all, whoever asks: nothing will return it to normal, or it has returned. */
export const isClosable = ({ raised, clearedAtMs }: RaisedAlarm): boolean => clearedAtMs !== null || isEndedByPerson(raised);

function actsOn(alarm: RaisedAlarm, rights: Rights, live: LiveFacts): AlarmAct[] {
  if (alarm.closed !== null) return [];
  const acts: AlarmAct[] = [];
  if (alarm.acknowledged === null && mayAcknowledge(alarm.raised, rights, live)) acts.push('ACKNOWLEDGE');
  if (isClosable(alarm) && mayClose(alarm.raised, rights, live)) acts.push('CLOSE');
  if (isShelvable(alarm) && mayAcknowledge(alarm.raised, rights, live)) acts.push('SHELVE');
  if (shelfOf(alarm, live) !== null && mayAcknowledge(alarm.raised, rights, live)) acts.push('UNSHELVE');
  return acts;
}

/** Whoever has the thing, or owns it; and the platform. Drivers see alarms of their truck and leave them to their carrier. */
export function mayAcknowledge(alarm: AlarmConcern, rights: Rights, live: LiveFacts): boolean {
  if (rights.kind === 'ALL') return true;
  if (rights.kind === 'PUBLIC' || rights.kind === 'DRIVER') return false;
  const { scope, scopeId } = alarm;
  // Its end is the platform's work: repair or write-off.
  if (scope === 'order' || scope === 'account') return false;
  if (scope === 'pack') return rights.kind !== 'CARRIER' && maySeePack(scopeId, rights, live);
  return ownersOf(alarm, live).includes(rights.principalId);
}

export function mayClose(alarm: AlarmConcern, rights: Rights, live: LiveFacts): boolean {
  if (alarmRuleOf(alarm)?.closedBy === 'PLATFORM' && rights.kind !== 'ALL') return false;
  return mayAcknowledge(alarm, rights, live);
}

/** An alarm concerns whoever the thing belongs to. */
export function maySeeAlarm(alarm: { scope: string; scopeId: string }, rights: Rights, live: LiveFacts): boolean {
  if (rights.kind === 'ALL') return true;
  if (rights.kind === 'PUBLIC') return false;
  const { scope, scopeId } = alarm;
  if (scope === 'order') return tookPartInOrder(scopeId, rights, live);
  if (scope === 'pack') return maySeePack(scopeId, rights, live);
  if (rights.kind === 'DRIVER') return (scope === 'truck' || scope === 'gateway') && isOwnTruck(scopeId, rights, live);
  return ownersOf(alarm, live).includes(rights.principalId);
}

/**
 * Whether the caller may see an alarm of those that the database showed him by its own rights. Of orders that left the scene only it knows
 * who had a part in them.
 */
export function maySeeStored(alarm: { scope: string; scopeId: string }, rights: Rights, live: LiveFacts): boolean {
  return (alarm.scope === 'order' && !live.facts.orders.has(alarm.scopeId)) || maySeeAlarm(alarm, rights, live);
}

function tookPartInOrder(orderId: string, rights: Rights, live: LiveFacts): boolean {
  const order = live.facts.orders.get(orderId);
  return order !== undefined && tookPart(partiesOfOrder(order, live), rights);
}

/** A fault of a pack concerns its owner, and whoever has it now. */
function maySeePack(packId: string, rights: Rights, live: LiveFacts): boolean {
  const pack = live.reference.pack(packId);
  return pack !== undefined && maskPack(packView(pack, live), rights, live) !== null;
}

function ownersOf({ scope, scopeId }: { scope: string; scopeId: string }, live: LiveFacts): (string | undefined | null)[] {
  const { reference } = live;
  switch (scope) {
    case 'station':
      return [reference.station(scopeId)?.operatorId];
    case 'bay':
    case 'slot':
    case 'swap':
      return [stationAt(scopeId, live)?.operatorId];
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
