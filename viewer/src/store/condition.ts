import type { AlarmView, OrderSummary, StationView, TruckView } from '@corridor/protocols/http/scene';

/** What the colour of a flag, dot or ring says. `normal` stays grey; text always repeats it. */
export const CONDITIONS = ['normal', 'active', 'wait', 'alarm', 'offline'] as const;
export type Condition = (typeof CONDITIONS)[number];

const STATION_ALARM = new Set(['estop', 'inoperative']);
const STATION_WAIT = new Set(['degraded', 'closed']);

/** An alarm that stands: neither returned to normal nor closed. */
export function isOpen(alarm: AlarmView): boolean {
  return alarm.clearedAt === null && alarm.closedAt === null;
}

export function stationCondition(station: StationView): Condition {
  if (station.connectivity === 'OFFLINE' || station.connectivity === 'NEVER_SEEN') return 'offline';
  if (STATION_ALARM.has(station.state.toLowerCase()) || station.bays.some((bay) => bay.bayState === 'FAULT')) return 'alarm';
  if (STATION_WAIT.has(station.state.toLowerCase()) || station.bays.some((bay) => bay.bayState === 'BLOCKED')) return 'wait';
  return station.bays.some((bay) => bay.bayState === 'SWAPPING') ? 'active' : 'normal';
}

export function bayCondition({ bayState }: StationView['bays'][number]): Condition {
  if (bayState === 'FAULT') return 'alarm';
  if (bayState === 'BLOCKED') return 'wait';
  return bayState === 'SWAPPING' || bayState === 'OCCUPIED' ? 'active' : 'normal';
}

export function truckCondition(truck: TruckView): Condition {
  if (truck.vehicleState === 'STRANDED') return 'alarm';
  if (truck.connectivity === 'OFFLINE' || truck.connectivity === 'NEVER_SEEN') return 'offline';
  if (truck.vehicleState === 'QUEUEING') return 'wait';
  return truck.vehicleState === 'IN_BAY' ? 'active' : 'normal';
}

const ORDER_DONE = new Set(['CLEARED', 'SETTLED', 'REPAIRED', 'WRITTEN_OFF', 'CANCELLED']);

/** An order that still moves, or that somebody has to look at. */
export function isOrderOpen({ state }: Pick<OrderSummary, 'state'>): boolean {
  return !ORDER_DONE.has(state) && state !== 'REJECTED';
}

export function orderCondition(state: string): Condition {
  const upper = state.toUpperCase();
  if (upper === 'ABNORMAL') return 'alarm';
  if (upper === 'REJECTED') return 'wait';
  return ORDER_DONE.has(upper) ? 'normal' : 'active';
}

/** It stands, and is put aside: by a person for a time, by a rule, or with what it concerns. */
export const isAside = ({ state }: Pick<AlarmView, 'state'>): boolean =>
  state === 'SHELVED' || state === 'SUPPRESSED' || state === 'OUT_OF_SERVICE';

/** It stands, and nobody put it aside. */
export const isTold = (alarm: AlarmView): boolean => isOpen(alarm) && !isAside(alarm);

/** Level 3 needs a person now, 2 soon, 1 is a notice. */
export function alarmCondition(alarm: AlarmView): Condition {
  if (!isTold(alarm)) return 'normal';
  return alarm.level >= 2 ? 'alarm' : 'wait';
}
