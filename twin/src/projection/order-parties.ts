import type { OrderRow } from '@corridor/actors/network/effect';
import type { BilledOrder } from './facts.ts';
import type { LiveFacts } from './live-facts.ts';
import type { Rights } from './rights.ts';

/**
 * Whose an order is: the one rule for the scene, the WebSocket, HTTP and exports. As code for what is in memory, as a condition for what is in the
 * database; below it migration 37 says the same of the rows.
 */
export interface OrderParties {
  readonly carrierId: string | null;
  readonly driverId: string | null;
  readonly operatorId: string | null;
  /** Owners of the packs that moved. */
  readonly packOwnerIds: readonly (string | null)[];
  /** Who has a share in the bill: among them whoever issued the offer, or funds a discount, and has neither the station nor a pack. */
  readonly earnerIds: readonly string[];
}

type OrderFacts = Pick<BilledOrder, 'orderId' | 'stationId' | 'carrierId' | 'driverId' | 'packIds' | 'createdAtMs'>;

/** Whose an order was when it began. */
export function partiesOf(order: OrderFacts, { owners, facts }: Pick<LiveFacts, 'owners' | 'facts'>): OrderParties {
  const atMs = order.createdAtMs;
  return {
    carrierId: order.carrierId,
    driverId: order.driverId,
    operatorId: owners.ownerAt('STATION', order.stationId, atMs),
    packOwnerIds: order.packIds.map((packId) => (packId === null ? null : owners.ownerAt('PACK', packId, atMs))),
    earnerIds: facts.earnersOf(order.orderId),
  };
}

export const partiesOfOrder = (order: OrderRow, live: Pick<LiveFacts, 'owners' | 'facts'>): OrderParties =>
  partiesOf({ ...order, packIds: [order.returnPackId, order.issuePackId] }, live);

/** It was his truck, station or pack: he counts it among his, and hears what went wrong with it. */
export function tookPart(parties: OrderParties, rights: Rights): boolean {
  switch (rights.kind) {
    case 'ALL':
      return true;
    case 'CARRIER':
      return parties.carrierId === rights.principalId;
    case 'DRIVER':
      return parties.driverId === rights.driverId;
    case 'STATION_OPERATOR':
      return parties.operatorId === rights.principalId;
    case 'BATTERY_OWNER':
      return parties.packOwnerIds.includes(rights.principalId);
    case 'PUBLIC':
      return false;
  }
}

/** He took part, or earns from it. */
export function maySeeOrder(parties: OrderParties, rights: Rights): boolean {
  if (tookPart(parties, rights)) return true;
  if (rights.kind !== 'STATION_OPERATOR' && rights.kind !== 'BATTERY_OWNER') return false;
  return parties.earnerIds.includes(rights.principalId);
}

/** The asset was the caller's when the order began. */
const wasOwn = (kind: 'STATION' | 'PACK', columns: string): string => `exists (
  select from ownership own where own.platform_id = o.platform_id and own.asset_kind = '${kind}' and own.asset_id in (${columns})
     and own.principal_id = $2 and o.created_at >= own.valid_from and (own.valid_until is null or o.created_at < own.valid_until))`;

const EARNS =
  'exists (select from clearing_entry c where c.platform_id = o.platform_id and c.order_id = o.order_id and c.principal_id = $2)';

/** `maySeeOrder` as a condition on an order `o`, beginning with `and`. `$2` is the principal or the driver: `subjectOf(rights)`. */
export function visibleOrders(rights: Rights): string {
  switch (rights.kind) {
    case 'ALL':
      return 'and $2::text is null';
    case 'CARRIER':
      return 'and o.carrier_id = $2';
    case 'DRIVER':
      return 'and o.driver_id = $2';
    case 'STATION_OPERATOR':
      return `and (${wasOwn('STATION', 'o.station_id')} or ${EARNS})`;
    case 'BATTERY_OWNER':
      return `and (${wasOwn('PACK', 'o.return_pack_id, o.issue_pack_id')} or ${EARNS})`;
    case 'PUBLIC':
      return 'and false and $2::text is null';
  }
}
