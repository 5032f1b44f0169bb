import { ENTITY_KINDS, type EntityKind } from '@corridor/actors/network/entity-ref';
import type { Database } from '../../db/db.ts';
import type { LiveScene } from '../../projection/live-scene.ts';
import { bookOwnerOf, type Rights } from '../../projection/rights.ts';
import { isOwnTruck } from '../../projection/truck-view.ts';
import { readAs } from '../../rights/read-as.ts';
import { findOrder } from '../orders/orders.queries.ts';
import { notFound, ProblemError } from '../problem.ts';

export interface ActorsOptions {
  database: Database;
  platformId: string;
  scene: LiveScene;
}

/** `order:O-1`, or the id alone with its machine beside it. @throws ProblemError when neither says which machine */
export function addressOf(text: string, machine: EntityKind | undefined): { machine: EntityKind; id: string } {
  const colon = text.indexOf(':');
  const kind = machine ?? ENTITY_KINDS.find((known) => known === text.slice(0, Math.max(0, colon)));
  if (!kind) throw new ProblemError(400, 'ACTOR_UNKNOWN', 'name the actor <machine>:<id>, or give ?machine=');
  return { machine: kind, id: colon >= 0 && text.slice(0, colon) === kind ? text.slice(colon + 1) : text };
}

/** The history of an actor is as visible as the thing itself. @throws ProblemError 404 */
export async function maySeeActor(
  { database, platformId, scene }: ActorsOptions,
  rights: Rights,
  machine: EntityKind,
  id: string,
): Promise<void> {
  if (rights.kind === 'ALL') return;
  if (!(await isVisible({ database, platformId, scene }, rights, machine, id))) throw notFound(machine, id);
}

async function isVisible(
  { database, platformId, scene }: ActorsOptions,
  rights: Rights,
  machine: EntityKind,
  id: string,
): Promise<boolean> {
  const { reference } = scene.live;
  const ownStation = (stationId: string) =>
    rights.kind === 'STATION_OPERATOR' && reference.station(stationId)?.operatorId === rights.principalId;
  switch (machine) {
    case 'station':
      return ownStation(id);
    case 'bay':
    case 'slot':
    case 'swap':
      return ownStation(id.slice(0, id.lastIndexOf('-')));
    case 'gateway':
      return ownStation(id) || scene.trucksFor(rights).some((truck) => truck.id === id);
    case 'pack':
      return rights.kind === 'BATTERY_OWNER' && reference.pack(id)?.ownerId === rights.principalId;
    case 'truck':
      return isOwnTruck(id, rights, scene.live);
    case 'order':
      return (await findOrder(readAs(database, rights), { platformId, rights, at: null }, id)) !== undefined;
    case 'account':
      return bookOwnerOf(rights) === id;
  }
}
