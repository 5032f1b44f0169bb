import type { CoarsePackEvent } from './pack.machine.ts';
import type { CoarseStationEvent } from './station.machine.ts';
import type { CoarseTruckEvent } from './truck.machine.ts';

/** What is told without figures: always the same object, for there are millions. */
export const TELL = {
  TRUCK_ARRIVED: { type: 'truck.arrived' } as const satisfies CoarseStationEvent,
  TRUCK_SWAPPED: { type: 'truck.swapped' } as const satisfies CoarseStationEvent,
  PACK_CHARGED: { type: 'pack.charged' } as const satisfies CoarseStationEvent,
  PACK_STORED: { type: 'pack.stored' } as const satisfies CoarsePackEvent,
  PACK_SUSPENDED: { type: 'pack.suspended' } as const satisfies CoarsePackEvent,
  PACK_ISSUED: { type: 'pack.issued' } as const satisfies CoarsePackEvent,
  TURNED_AWAY: { type: 'truck.turnedAway' } as const satisfies CoarseTruckEvent,
  CAME: { type: 'truck.came' } as const satisfies CoarseTruckEvent,
  POWER_FAILED: { type: 'power.failed' } as const satisfies CoarseStationEvent,
  POWER_RESTORED: { type: 'power.restored' } as const satisfies CoarseStationEvent,
  TRUCK_HELD: { type: 'truck.held' } as const satisfies CoarseTruckEvent,
  PARKED: { type: 'truck.parked' } as const satisfies CoarseTruckEvent,
};
