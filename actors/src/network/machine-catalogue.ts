import { assert } from '@corridor/protocols/assert';
import type { AnyStateMachine } from 'xstate';
import { accountMachineOf } from '../account/account.machine.ts';
import { bayMachineOf } from '../bay/bay.machine.ts';
import { gatewayMachineOf } from '../gateway/gateway.machine.ts';
import { orderMachineOf } from '../order/order.machine.ts';
import { packMachineOf } from '../pack/pack.machine.ts';
import { slotMachineOf } from '../slot/slot.machine.ts';
import { stationMachineOf } from '../station/station.machine.ts';
import { swapMachineOf } from '../swap/swap.machine.ts';
import { truckMachineOf } from '../truck/truck.machine.ts';
import type { EntityKind } from './entity-ref.ts';
import type { Surroundings } from './reference.ts';
import type { StoredSnapshot } from './snapshot-codec.ts';

export type Machines = Readonly<Record<EntityKind, AnyStateMachine>>;

export const machinesOf = (surroundings: Surroundings): Machines => ({
  station: stationMachineOf(surroundings),
  bay: bayMachineOf(surroundings),
  slot: slotMachineOf(surroundings),
  pack: packMachineOf(surroundings),
  truck: truckMachineOf(surroundings),
  swap: swapMachineOf(surroundings),
  order: orderMachineOf(surroundings),
  account: accountMachineOf(surroundings),
  gateway: gatewayMachineOf(surroundings),
});

/** Version of what a machine stores; raised with every change of its states or context that older snapshots do not fit. */
const VERSIONS: Readonly<Record<EntityKind, number>> = {
  station: 1,
  bay: 1,
  slot: 1,
  pack: 1,
  truck: 2,
  swap: 1,
  order: 3,
  account: 1,
  gateway: 1,
};
export const machineVersion = (kind: EntityKind) => VERSIONS[kind];

/** Brings a snapshot of one version to the next. */
type Migration = (stored: StoredSnapshot) => StoredSnapshot;
/** The next version of a snapshot whose context only gained fields. */
const withContext = (stored: StoredSnapshot, added: object): StoredSnapshot => ({
  ...stored,
  version: stored.version + 1,
  context: { ...added, ...(stored.context as object) },
});
/** By kind and the version it starts from. */
const MIGRATIONS: Partial<Record<EntityKind, Readonly<Record<number, Migration>>>> = {
  // Version 1 knew no renewed quote.
  order: {
    1: (stored) => withContext(stored, { dueFen: null }),
    // Version 2 knew no other billing than per kWh.
    2: (stored) => withContext(stored, { odometerM: null, odometerAtSwapM: null, waitedMs: null, readyPacks: null, packageGrant: null }),
  },
  // Version 1 did not count distances between swaps.
  truck: { 1: (stored) => withContext(stored, { queueingSinceMs: null, odometerAtSwapM: null }) },
};

/** @throws InvariantError when no rule leads to the present version: a release that forgot its migration */
export function migrate(stored: StoredSnapshot): StoredSnapshot {
  let current = stored;
  while (current.version !== machineVersion(current.machine)) {
    const rule = MIGRATIONS[current.machine]?.[current.version];
    assert(rule !== undefined, `no rule brings ${current.machine} snapshots of version ${current.version} to the next`);
    const next = rule(current);
    assert(next.version > current.version, `the migration of ${current.machine} from version ${current.version} does not move on`);
    current = next;
  }
  return current;
}
