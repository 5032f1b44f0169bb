import type { Reference } from '@corridor/actors/network/reference';
import type { Rights } from '../../projection/rights.ts';

/** A driver orders for the trucks that he is bound to, a carrier for its own, the platform for all. */
export function mayOrderFor(rights: Rights, truck: { id: string; carrierId: string }, reference: Pick<Reference, 'driver'>): boolean {
  if (rights.kind === 'DRIVER') return reference.driver(rights.driverId)?.truckIds.includes(truck.id) === true;
  return rights.kind === 'ALL' || (rights.kind === 'CARRIER' && rights.principalId === truck.carrierId);
}
