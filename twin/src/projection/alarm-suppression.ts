import { CAUSES_OF, CONSEQUENCES } from './alarm-consequences.ts';
import type { RaisedAlarm } from './facts.ts';
import type { LiveFacts } from './live-facts.ts';
import { stationAt } from './station-at.ts';

/** The alarm that this one is a consequence of; null: of none that stands. */
export function causeOf({ raised }: RaisedAlarm, live: LiveFacts): string | null {
  const causes = CAUSES_OF.get(raised.code);
  if (causes === undefined) return null;
  for (const cause of live.facts.alarms.values()) {
    const rule = causes.includes(cause.raised.code) ? CONSEQUENCES[cause.raised.code] : undefined;
    if (rule === undefined || cause.raised.level < raised.level) continue;
    const { scope, scopeId } = cause.raised;
    const isSame =
      rule.within === 'THING'
        ? scope === raised.scope && scopeId === raised.scopeId
        : stationIdOf(scope, scopeId, live) === stationIdOf(raised.scope, raised.scopeId, live) &&
          stationIdOf(scope, scopeId, live) !== null;
    if (isSame) return cause.raised.alarmId;
  }
  return null;
}

/** Where what an alarm concerns is; null: at no station. */
export function stationIdOf(scope: string, scopeId: string, live: LiveFacts): string | null {
  switch (scope) {
    case 'station':
    case 'gateway':
      return live.reference.station(scopeId)?.id ?? null;
    case 'bay':
    case 'slot':
    case 'swap':
      return stationAt(scopeId, live)?.id ?? null;
    case 'order':
      return live.facts.orders.get(scopeId)?.stationId ?? null;
    case 'pack': {
      const place = live.facts.placeOf(scopeId);
      return place === undefined || place.kind === 'TRUCK' || place.kind === 'STORE' ? null : (stationAt(place.id, live)?.id ?? null);
    }
    default:
      return null;
  }
}

/** Highest level: needs a person now, whatever was taken out of use. */
const DANGER_LEVEL = 3;

/** A person took the thing out of use: until it is back, what is wrong with it is known (ISA-18.2: out of service). */
export function isOutOfService({ raised }: RaisedAlarm, live: LiveFacts): boolean {
  if (raised.level >= DANGER_LEVEL) return false;
  const { scope, scopeId } = raised;
  if (scope === 'slot') return live.isSetAside(scopeId);
  if (scope === 'pack') return live.reference.suspensionOf('PACK', scopeId) !== null;
  if (scope !== 'station' && scope !== 'gateway' && scope !== 'truck') return false;
  return live.reference.suspensionOf('STATION', scopeId) !== null || live.reference.suspensionOf('TRUCK', scopeId) !== null;
}
