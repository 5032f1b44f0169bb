import type { AlarmView, OrderSummary, PackView, StationView, TruckView } from '@corridor/protocols/http/scene';
import type { BayOfStation } from '../store/bays.ts';
import { isTold } from '../store/condition.ts';
import type { Records } from '../store/scene-store.ts';

/** What the rail lists, filtered by the search text and in an order that does not change with live values. */
const byId = (a: { id: string }, b: { id: string }): number => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);

function matches(text: string, ...values: (string | null)[]): boolean {
  if (text === '') return true;
  return values.some((value) => value?.toLowerCase().includes(text) === true);
}

export function normaliseSearch(text: string): string {
  return text.trim().toLowerCase();
}

/** From the port westwards, those of a station by their numbers. */
export function listBays(records: Records, text: string): BayOfStation[] {
  return listStations(records, '')
    .flatMap((station) => station.bays.map((bay) => ({ id: bay.id, bay, station })))
    .filter(({ bay, station }) => matches(text, bay.id, bay.truckId, plateOf(records, bay.truckId), station.name, station.nameZh));
}

const plateOf = ({ trucks }: Records, id: string | null): string | null => (id === null ? null : (trucks.get(id)?.plate ?? null));

/** From the port westwards. */
export function listStations(records: Records, text: string): StationView[] {
  return [...records.stations.values()]
    .filter((station) => matches(text, station.id, station.name, station.nameZh, station.operatorId))
    .sort((a, b) => a.chainageM - b.chainageM || byId(a, b));
}

export function listTrucks(records: Records, text: string): TruckView[] {
  return [...records.trucks.values()].filter((truck) => matches(text, truck.id, truck.plate, truck.carrierId, truck.packId)).sort(byId);
}

export function listPacks(records: Records, text: string): PackView[] {
  return [...records.packs.values()].filter((pack) => matches(text, pack.id, pack.ownerId, pack.location.id, pack.typeCode)).sort(byId);
}

/** Newest first. */
export function listOrders(records: Records, text: string): OrderSummary[] {
  return [...records.orders.values()]
    .filter((order) => matches(text, order.id, order.truckId, order.stationId, order.carrierId, order.state, order.reason))
    .sort((a, b) => (a.createdAt < b.createdAt ? 1 : a.createdAt > b.createdAt ? -1 : byId(b, a)));
}

/** Those that are told first, by level, then what nobody has seen yet, then the newest. */
export function listAlarms(records: Records, text: string): AlarmView[] {
  return [...records.alarms.values()]
    .filter((alarm) => matches(text, alarm.id, alarm.code, alarm.scopeId, alarm.detail))
    .sort(
      (a, b) =>
        Number(isTold(b)) - Number(isTold(a)) ||
        b.level - a.level ||
        Number(isUnseen(b)) - Number(isUnseen(a)) ||
        (a.raisedAt < b.raisedAt ? 1 : -1),
    );
}

const isUnseen = ({ state }: AlarmView): boolean => state === 'UNACKNOWLEDGED';

/**
 * Keeps the order of `shown` while somebody points at the list: what is new goes to the end, what is gone leaves. Nothing
 * moves under the pointer.
 */
export function holdOrder<Item extends { id: string }>(fresh: readonly Item[], shown: readonly string[]): Item[] {
  const byItsId = new Map(fresh.map((item) => [item.id, item]));
  const held: Item[] = [];
  for (const id of shown) {
    const item = byItsId.get(id);
    if (item === undefined) continue;
    held.push(item);
    byItsId.delete(id);
  }
  held.push(...byItsId.values());
  return held;
}
