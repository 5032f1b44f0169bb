import { readFileSync } from 'node:fs';
import { NOON_MS, type TestCorridor } from '@corridor/actors/network/corridor.fixture';
import type { Effect, EffectOf } from '@corridor/actors/network/effect';
import type { Input } from '@corridor/actors/network/input';
import { ScriptedGateway } from '@corridor/actors/network/scripted-gateway.fixture';
import type { NetworkFile } from '@corridor/protocols/network-file';
import type { Database } from '../db/db.ts';
import { custodyMoves, writeCustody } from './custody-rows.ts';

export const STATIONS = ['HH1', 'HJ1', 'BD1'] as const;
export const TRUCKS = 4;

const wholeFile = JSON.parse(readFileSync(new URL('../../../data/corridor/network.json', import.meta.url), 'utf8')) as NetworkFile;

/** Three stations, four trucks, their packs and drivers. */
export function fileOfThree(): NetworkFile {
  const stations = wholeFile.stations.filter(({ id }) => STATIONS.some((known) => known === id));
  const trucks = wholeFile.trucks.slice(0, TRUCKS);
  const homes = new Set(trucks.map(({ id }) => id));
  const packs = wholeFile.packs
    .filter(({ initial }) => homes.has(initial.id) || STATIONS.some((id) => initial.id.startsWith(`${id}-`)))
    .map((pack) => ({ ...pack, initialSohPercent: 95, initialSocPercent: pack.initial.kind === 'SLOT' ? 95 : 40 }));
  const drivers = wholeFile.drivers.filter(({ truckIds }) => truckIds.some((id) => homes.has(id)));
  return { ...wholeFile, stations, trucks, packs, drivers };
}

type Interval = { place: string; since: number; until: number | null };
export type Histories = Map<string, Interval[]>;

/** A truck is swapped at a station, which may count its rack after that. */
export interface Visit {
  station: number;
  truck: number;
  counted: boolean;
}

/** What happened at the stations: what each of them journals, and where every pack really was. */
export function happen(corridor: TestCorridor, visits: readonly Visit[]) {
  let nowMs = NOON_MS;
  const at = new Map(corridor.file.packs.map(({ initial, id }) => [`${initial.kind}:${initial.id}`, id]));
  const histories: Histories = new Map([...at].map(([place, id]) => [id, [{ place, since: NOON_MS, until: null }]]));
  const journals: Input[][] = STATIONS.map(() => []);
  const gateways = STATIONS.map((id, index) => {
    const step = (input: Input) => {
      journals[index]?.push(input);
      nowMs = input.atMs;
    };
    return new ScriptedGateway({ step, now: () => nowMs }, id, NOON_MS);
  });
  const move = (packId: string, from: string, place: string) => {
    const history = histories.get(packId) ?? [];
    const last = history.at(-1);
    if (last !== undefined) last.until = nowMs;
    history.push({ place, since: nowMs, until: null });
    at.delete(from);
    at.set(place, packId);
  };
  for (const gateway of gateways) gateway.online();
  for (const [index, { station, truck: which, counted }] of visits.entries()) {
    const gateway = gateways[station];
    const truck = corridor.truck(which);
    const slots = Array.from({ length: 8 }, (_, slot) => slot + 1);
    const slotOf = (evseId: number) => `SLOT:${STATIONS[station]}-${evseId}`;
    const empty = slots.find((evseId) => !at.has(slotOf(evseId)));
    // What came in last goes out last, so that packs travel from station to station.
    const full = slots.find((evseId) => at.has(slotOf(evseId)));
    const [returnedId, issuedId] = [at.get(`TRUCK:${truck.id}`), at.get(slotOf(full ?? 0))];
    if (!gateway || empty === undefined || full === undefined || returnedId === undefined || issuedId === undefined) continue;
    const { idToken } = corridor.driverOf(truck.id);
    const returned = { packId: returnedId, socPercent: 40, sohPercent: 95 };
    const swap = { requestId: 2 * index + 1, truck, idToken, initiation: 'LOCAL' as const, returned };
    for (const event of ['arrived', 'identified', 'authorized', 'unlocked'] as const) gateway.swapEvent(swap, event, { backfill: true });
    const reading = (evseId: number, serialNumber: string, soC: number) => ({
      batteryData: [{ evseId, serialNumber, soC, soH: 95 }],
      backfill: true,
    });
    gateway.swapEvent(swap, 'battery_in', reading(empty, returnedId, 40));
    move(returnedId, `TRUCK:${truck.id}`, slotOf(empty));
    gateway.swapEvent(swap, 'battery_out', reading(full, issuedId, 95));
    move(issuedId, slotOf(full), `TRUCK:${truck.id}`);
    gateway.swapEvent(swap, 'completed', { backfill: true });
    if (!counted) continue;
    const rows = slots.map((evseId) => {
      const packId = at.get(slotOf(evseId)) ?? null;
      return { evseId, slotState: packId === null ? 'EMPTY' : 'IDLE', packId, socPercent: null, sohPercent: null };
    });
    gateway.event('gateway', 'inventory', { slots: rows }, true);
  }
  return { journals, histories };
}

const of = <T extends Effect['type']>(effects: readonly Effect[], type: T) =>
  effects.filter((effect): effect is EffectOf<T> => effect.type === type);

export async function writeMovesOf(database: Database, platformId: string, effects: readonly Effect[]): Promise<void> {
  const moves = custodyMoves(of(effects, 'custody.moved'));
  await writeCustody(database.pool, platformId, { moves, passed: of(effects, 'custody.passed') });
}

export async function historiesOf(database: Database, platformId: string): Promise<Histories> {
  const { rows } = await database.pool.query<{ pack_id: string; place: string; since: Date; until: Date | null }>(
    `select pack_id, place_kind || ':' || place_id as place, since, until from custody where platform_id = $1 order by since, custody_no`,
    [platformId],
  );
  const histories: Histories = new Map();
  for (const { pack_id, place, since, until } of rows) {
    const interval = { place, since: since.getTime(), until: until?.getTime() ?? null };
    histories.set(pack_id, [...(histories.get(pack_id) ?? []), interval]);
  }
  return histories;
}

/** An instant at a place is no time there. */
export const lastingOf = (histories: Histories): Histories =>
  new Map([...histories].map(([packId, rows]) => [packId, rows.filter(({ since, until }) => since !== until)]));
