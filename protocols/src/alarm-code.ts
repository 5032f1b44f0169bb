/**
 * `SIGNAL`: over when the thing that raised it says so, or when its order is repaired or written off. `PERSON`: nothing tells that it is over;
 * it stands until somebody closes it with a reason.
 */
export type AlarmEnd = 'SIGNAL' | 'PERSON';

interface AlarmRule {
  /** Kind of thing that it concerns. */
  readonly scope: string;
  readonly ends: AlarmEnd;
  /** Who may close it; `OWNER`: whoever has the thing that it concerns, and the platform. */
  readonly closedBy: 'OWNER' | 'PLATFORM';
  /** Names of what it says beside its code, so that each reader gets it in his own language. */
  readonly args: readonly string[];
}

const signal = <const A extends readonly string[]>(scope: string, args: A) =>
  ({ scope, ends: 'SIGNAL', closedBy: 'OWNER', args }) as const satisfies AlarmRule;
const person = <const A extends readonly string[]>(scope: string, args: A) =>
  ({ scope, ends: 'PERSON', closedBy: 'OWNER', args }) as const satisfies AlarmRule;
/** What the platform has to see to before it is over: money may be missing. */
const platform = <const A extends readonly string[]>(scope: string, args: A) =>
  ({ scope, ends: 'PERSON', closedBy: 'PLATFORM', args }) as const satisfies AlarmRule;

/** Alarms that the platform raises itself. Faults of a station, and abnormal orders, have the codes below. */
export const ALARM_CODES = {
  GATEWAY_OFFLINE: signal('gateway', ['cause', 'said']),
  CLOCK_SKEW: signal('gateway', ['offsetS']),
  SOURCE_LOCKED_OUT: signal('gateway', ['reason']),
  EVENTS_LOST: platform('gateway', ['from', 'to']),
  INVENTORY_DOUBTFUL: signal('station', ['reason', 'what', 'doubts']),
  BAY_BLOCKED: signal('bay', ['reason']),
  SLOT_QUARANTINED: signal('slot', ['reason']),
  SLOT_TWO_PACKS: person('slot', ['packId', 'otherPackId']),
  PACK_HOT: signal('pack', ['cellC']),
  PACK_TWO_PLACES: signal('pack', ['placeKind', 'placeId', 'otherKind', 'otherId']),
  PACK_ELSEWHERE: signal('pack', ['placeKind', 'placeId', 'otherKind', 'otherId']),
  COUNTER_RESET: person('pack', ['transactionId']),
  OTHER_PACK_ISSUED: person('order', ['packId', 'otherPackId']),
  TARIFF_MISSING: platform('pack', ['stationId']),
  TRUCK_STRANDED: signal('truck', []),
  TRUCK_TWO_PACKS: person('truck', ['packId', 'otherPackId']),
  SWAP_ABORTED_NO_PACK: person('swap', ['step', 'reason']),
  SWAP_BATTERY_OUT_TIMEOUT: person('swap', ['step', 'reason']),
  SWAP_FAILED: person('swap', ['step', 'reason']),
  SWAP_LOST: person('swap', ['step', 'reason']),
  PAYMENT_DIFFERENCE: signal('account', ['channel', 'billDate', 'differences']),
  PAYOUT_FAILED: signal('account', ['statementId', 'reason']),
  WITHDRAWAL_STUCK: signal('account', ['paymentId', 'reason']),
  SETTLEMENT_FAILED: signal('account', ['step', 'id', 'reason']),
  PENALTY_NOT_RATED: platform('order', ['kind', 'truckId', 'stationId', 'reason']),
  /** Of any scope: it concerns whatever the input was about. */
  INPUT_FAILED: platform('any', ['input']),
} as const satisfies Record<string, AlarmRule>;

export type AlarmCode = keyof typeof ALARM_CODES;
/** Values of what an alarm says, by name: ids, codes, numbers as they are. */
export type AlarmArgs = Readonly<Record<string, string | number>>;
export type ArgsOf<C extends AlarmCode> = Readonly<Record<(typeof ALARM_CODES)[C]['args'][number], string | number>>;

/** Faults by which a station watches itself; it may also raise one by each reason of `STATION_REASONS`. */
export const STATION_FAULT_CODES = ['ESTOP', 'FIRE', 'BLACKOUT', 'GRID_LIMIT', 'CHARGER_DOWN', 'SLOT_SMOKE'] as const;

const isAlarmCode = (code: string): code is AlarmCode => Object.hasOwn(ALARM_CODES, code);

/** Rule of an alarm; null for a fault that a station raised and for an order that is abnormal: both end by a signal. */
export function alarmRuleOf({ code, scope }: { code: string; scope: string }): (AlarmRule & { code: AlarmCode }) | null {
  if (!isAlarmCode(code)) return null;
  const rule = ALARM_CODES[code];
  return rule.scope === 'any' || rule.scope === scope ? { ...rule, code } : null;
}

export const isEndedByPerson = (alarm: { code: string; scope: string }): boolean => alarmRuleOf(alarm)?.ends === 'PERSON';
