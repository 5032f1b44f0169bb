import type { Recipient } from '@corridor/actors/network/effect';
import type { LiveScene } from '../../projection/live-scene.ts';
import { bookOwnerOf, type Rights } from '../../projection/rights.ts';
import { isOwnTruck } from '../../projection/truck-view.ts';

/** Under which names somebody is written to: a company itself, and through its trucks and stations. */
export function recipientsOf(rights: Rights, { live }: LiveScene): string[] {
  if (rights.kind === 'DRIVER') {
    const trucks = [...live.reference.trucks()].filter(({ id }) => isOwnTruck(id, rights, live)).map(({ id }) => `truck:${id}`);
    return [`driver:${rights.driverId}`, ...trucks];
  }
  const principalId = rights.kind === 'ALL' ? live.reference.platformId : bookOwnerOf(rights);
  if (principalId === null) return [];
  const trucks = [...live.reference.trucks()].filter(({ carrierId }) => carrierId === principalId).map(({ id }) => `truck:${id}`);
  const stations = [...live.reference.stations()].filter(({ operatorId }) => operatorId === principalId).map(({ id }) => `station:${id}`);
  return [`principal:${principalId}`, ...trucks, ...stations];
}

/** For whom somebody writes; null: he writes to nobody. */
export function senderOf(rights: Rights, platformId: string): string | null {
  if (rights.kind === 'ALL') return platformId;
  return rights.kind === 'STATION_OPERATOR' || rights.kind === 'CARRIER' || rights.kind === 'BATTERY_OWNER' ? rights.principalId : null;
}

/** The platform writes to all; a company to the platform, to what it owns, and an operator to trucks that he sees coming. */
export function mayWriteTo(to: Recipient, rights: Rights, scene: LiveScene): boolean {
  const { reference } = scene.live;
  if (senderOf(rights, reference.platformId) === null) return false;
  if (rights.kind === 'ALL' || to === `principal:${reference.platformId}`) return true;
  if (to.startsWith('truck:') && rights.kind === 'STATION_OPERATOR') {
    return scene.trucksFor(rights).some(({ id }) => to === `truck:${id}`);
  }
  return !to.startsWith('principal:') && recipientsOf(rights, scene).includes(to);
}
