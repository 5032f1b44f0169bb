import type { AccountContext } from '../account/account.rules.ts';
import { depositsOf } from '../account/deposit.rules.ts';
import type { DepositRefusal } from '../account/deposit-act.rules.ts';
import { isUsedUp, packagesOf } from '../account/package.rules.ts';
import type { EntityKind, EntityRef } from '../network/entity-ref.ts';
import { refOf } from '../network/entity-ref.ts';
import type { ReferenceStore } from '../network/reference-store.ts';
import { stateText } from '../network/state-text.ts';
import type { OrderContext } from '../order/order.context.ts';
import type { PackContext } from '../pack/pack.rules.ts';
import { stationOfSlot } from '../pack/pack.rules.ts';
import type { TruckContext } from '../truck/truck.rules.ts';
import type { OwnedKind, RosterKind } from './roster-life.ts';

/** Who takes part, as the rules read it. */
export type Roster = Pick<
  ReferenceStore,
  | 'platformId'
  | 'principal'
  | 'station'
  | 'pack'
  | 'packType'
  | 'truck'
  | 'driver'
  | 'driverByToken'
  | 'contractOf'
  | 'suspensionOf'
  | 'stations'
  | 'packs'
  | 'trucks'
  | 'drivers'
>;

/** What the rules may ask of the network. */
export interface RosterView {
  readonly reference: Roster;
  view(ref: EntityRef): { value: unknown; context: unknown } | undefined;
  refs(kind: EntityKind): Iterable<string>;
}

export type RosterRefusal =
  /** It is not registered, or somebody else is by this id. */
  | 'NOT_FOUND'
  | 'ID_TAKEN'
  | 'OWNER_UNKNOWN'
  | 'PLACE_TAKEN'
  | 'NOT_POSSIBLE'
  /** Custody is not settled: the pack goes to a slot or a store first. */
  | 'PACK_IN_USE'
  | 'PACKS_IN_STATION'
  | 'DEPOSIT_OPEN'
  | DepositRefusal
  | 'ASSETS_LEFT'
  | 'BALANCE_LEFT';
export interface Refused {
  readonly code: RosterRefusal;
  readonly detail: string;
}
const refuse = (code: RosterRefusal, detail: string): Refused => ({ code, detail });

/** Actors of a kind have the context of that kind. */
const orderAt = (network: RosterView, id: string) => network.view(refOf('order', id))?.context as OrderContext | undefined;
const packAt = (network: RosterView, id: string) => network.view(refOf('pack', id))?.context as PackContext | undefined;
const truckAt = (network: RosterView, id: string) => network.view(refOf('truck', id))?.context as TruckContext | undefined;
const booksAt = (network: RosterView, id: string) => (network.view(refOf('account', id))?.context as AccountContext | undefined)?.books;

/**
 * An order that names it and is not over. One that is cleared only waits for the meter, which may still move money of its principals;
 * it needs nobody else.
 */
function openOrderOf(network: RosterView, kind: RosterKind, id: string): string | null {
  const names: Readonly<Record<RosterKind, (order: OrderContext) => boolean>> = {
    PRINCIPAL: ({ carrierId, stationId, returnPackId, issuePackId }) =>
      carrierId === id ||
      network.reference.station(stationId)?.operatorId === id ||
      [returnPackId, issuePackId].some((packId) => packId !== null && network.reference.pack(packId)?.ownerId === id),
    STATION: ({ stationId }) => stationId === id,
    PACK: ({ returnPackId, issuePackId }) => returnPackId === id || issuePackId === id,
    TRUCK: ({ truckId }) => truckId === id,
    DRIVER: ({ driverId }) => driverId === id,
  };
  for (const orderId of network.refs('order')) {
    const isCleared = stateText(network.view(refOf('order', orderId))?.value) === 'CLEARED';
    const order = orderAt(network, orderId);
    if (order !== undefined && !(isCleared && kind !== 'PRINCIPAL') && names[kind](order)) return orderId;
  }
  return null;
}

const orderOpen = (network: RosterView, kind: RosterKind, id: string): Refused | null => {
  const orderId = openOrderOf(network, kind, id);
  return orderId === null ? null : refuse('ORDER_OPEN', `order ${orderId} is not over`);
};

/** Why it may not leave now; null: it may. */
export function leavingRefusal(network: RosterView, kind: RosterKind, id: string): Refused | null {
  switch (kind) {
    case 'TRUCK': {
      const packId = truckAt(network, id)?.packId ?? null;
      if (packId !== null) return refuse('PACK_ON_BOARD', `${packId} is on ${id}: it is given back first`);
      return orderOpen(network, kind, id);
    }
    case 'PACK': {
      const place = packAt(network, id)?.place;
      if (place !== undefined && place.kind !== 'STORE')
        return refuse('PACK_IN_USE', `${id} is at ${place.kind} ${place.id}, not in a store`);
      return orderOpen(network, kind, id);
    }
    case 'STATION': {
      for (const packId of network.refs('pack')) {
        const place = packAt(network, packId)?.place;
        if (place?.kind === 'SLOT' && stationOfSlot(place.id) === id) return refuse('PACKS_IN_STATION', `${packId} is in ${place.id}`);
      }
      return orderOpen(network, kind, id);
    }
    case 'DRIVER':
      return orderOpen(network, kind, id);
    case 'PRINCIPAL':
      return orderOpen(network, kind, id) ?? assetLeft(network.reference, id) ?? balanceLeft(network, id);
  }
}

function assetLeft(reference: Roster, id: string): Refused | null {
  const left = [
    ...[...reference.stations()].filter(({ operatorId }) => operatorId === id),
    ...[...reference.packs()].filter(({ ownerId }) => ownerId === id),
    ...[...reference.trucks()].filter(({ carrierId }) => carrierId === id),
    ...[...reference.drivers()].filter(({ carrierId }) => carrierId === id),
  ];
  const [first] = left;
  return first === undefined ? null : refuse('ASSETS_LEFT', `${first.id} and ${left.length - 1} more are still its own`);
}

function balanceLeft(network: RosterView, id: string): Refused | null {
  const books = booksAt(network, id);
  if (books === undefined) return null;
  const { prepaidFen, heldFen, incomeFen } = books;
  // Used up ones stay in the books for a while.
  const packages = packagesOf(books).filter((each) => !isUsedUp(each)).length;
  if (prepaidFen === 0n && heldFen === 0n && incomeFen === 0n && depositsOf(books).length === 0 && packages === 0) return null;
  return refuse('BALANCE_LEFT', `prepaid ${prepaidFen}, held ${heldFen}, income ${incomeFen} fen, ${packages} packages`);
}

/** Why it may not change hands now; null: it may. */
export function transferRefusal(network: RosterView, kind: OwnedKind, id: string, toPrincipalId: string): Refused | null {
  const owners = { STATION: 'STATION_OPERATOR', PACK: 'BATTERY_OWNER', TRUCK: 'CARRIER' } as const;
  if (network.reference.principal(toPrincipalId)?.kind !== owners[kind])
    return refuse('OWNER_UNKNOWN', `${toPrincipalId} is no ${owners[kind]}`);
  const carrierId = kind === 'TRUCK' ? network.reference.truck(id)?.carrierId : undefined;
  const books = carrierId === undefined ? undefined : booksAt(network, carrierId);
  if (books !== undefined && depositsOf(books).some(({ truckId }) => truckId === id)) {
    return refuse('DEPOSIT_OPEN', `${carrierId} has a deposit for ${id}: it is given back first`);
  }
  return orderOpen(network, kind, id);
}
