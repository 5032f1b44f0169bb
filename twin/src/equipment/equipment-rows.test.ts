import { ReferenceStore } from '@corridor/actors/network/reference-store';
import type { EquipmentRow, SohEstimateView } from '@corridor/protocols/http/equipment';
import { slotIdOf } from '@corridor/protocols/ids';
import { expect, it } from 'vitest';
import { Facts } from '../projection/facts.ts';
import { LatestReports, type Report } from '../projection/latest-reports.ts';
import { LiveScene } from '../projection/live-scene.ts';
import type { Rights } from '../projection/rights.ts';
import { OwnershipBook } from '../rights/ownership-book.ts';
import { DEFAULT_NETWORK_FILE, readNetworkFile } from '../seed/network-files.ts';
import { copyOf } from './equipment-page.ts';
import { equipmentRows } from './equipment-rows.ts';

const NOW_MS = Date.parse('2026-11-22T04:00:00Z');
const FILE = readNetworkFile(DEFAULT_NETWORK_FILE);
const ESTIMATE: SohEstimateView = {
  estimatedAt: new Date(NOW_MS).toISOString(),
  method: 'rests',
  sohPercent: 94,
  lowPercent: 93,
  highPercent: 95,
  pairs: 9,
};
const told = <Data>(data: Data, seconds: number): Report<Data> => ({
  atMs: NOW_MS - seconds * 1_000,
  bootId: 1,
  seq: 1,
  q: seconds % 2 === 0 ? ['STUCK'] : [],
  data,
});

/** The default network, each third pack and slot of which nobody has heard, with values that differ. */
function theScene(): LiveScene {
  const reference = new ReferenceStore('PF', () => null);
  reference.apply(FILE);
  const reports = new LatestReports();
  for (const [n, { id }] of FILE.packs.entries()) {
    const data = {
      packId: id,
      socPercent: n % 100,
      sohPercent: 97,
      energyWh: n,
      cellTmaxC: 20,
      powerW: n,
      voltageV: 600 + n,
      currentA: -n,
      cycles: n,
    };
    if (n % 3 > 0) reports.pack.set(id, told(data as never, n));
  }
  for (const station of FILE.stations) {
    for (let evseId = 1; evseId <= station.slots; evseId += 1) {
      const data = {
        powerW: evseId,
        plugTempC: 30,
        voltageV: 600,
        currentA: evseId,
        meterWh: 5_000,
        packId: FILE.packs[evseId]?.id ?? null,
      };
      if (evseId % 3 > 0) reports.slot.set(slotIdOf(station.id, evseId), told(data as never, evseId * 30));
    }
  }
  return new LiveScene({
    reference,
    facts: new Facts(),
    reports,
    owners: new OwnershipBook(reference),
    nowMs: () => NOW_MS,
    stateOf: (kind, id) => (kind === 'gateway' ? (id === 'HH1' ? 'offline' : 'online') : `state of ${id}`),
    isSetAside: () => false,
    road: { startM: 0, endM: 600_000 },
  });
}

const driver = FILE.drivers[0];
const CALLERS: readonly Rights[] = [
  { kind: 'ALL' },
  { kind: 'PUBLIC' },
  ...FILE.principals.flatMap(({ id }): Rights[] =>
    (['STATION_OPERATOR', 'BATTERY_OWNER', 'CARRIER'] as const).map((kind) => ({ kind, principalId: id })),
  ),
  ...(driver === undefined ? [] : [{ kind: 'DRIVER', driverId: driver.id, carrierId: driver.carrierId } as const]),
];

it('rows say what the views of the scene show, to everybody who sees them, and nothing of what they mask', () => {
  const scene = theScene();
  let compared = 0;
  for (const rights of CALLERS) {
    const rowsOf = (kind: 'pack' | 'slot'): EquipmentRow[] =>
      equipmentRows(kind, { scene, rights, estimateOf: () => ESTIMATE }).map(copyOf);
    const isCab = rights.kind === 'CARRIER' || rights.kind === 'DRIVER';
    const packs = rowsOf('pack');
    expect(packs).toMatchObject(
      scene.packsFor(rights).map(({ id, ownerId, location, state, tempMaxC, updatedAt, q, ...view }) => {
        const { voltageV, currentA, powerW, energyWh, socPercent, sohPercent } = view;
        const values = { tempC: tempMaxC, voltageV, currentA, powerW, energyWh, socPercent, sohPercent };
        return { kind: 'pack', id, ownerId, place: location, state, ...values, reportedAt: updatedAt, q };
      }),
    );
    if (isCab) expect(packs.every(({ sohEstimate }) => sohEstimate === null)).toBe(true);
    const slots = rowsOf('slot');
    expect(slots).toMatchObject(
      scene.slotsFor(rights).map(({ id, stationId, state, powerW, socPercent }) => {
        const report = scene.live.reports.slot.get(id);
        const values = { tempC: report?.data.plugTempC ?? null, energyWh: report?.data.meterWh ?? null, powerW, socPercent };
        return { kind: 'slot', id, place: { kind: 'STATION', id: stationId }, state, ...values, q: report?.q ?? [] };
      }),
    );
    compared += packs.length + slots.length;
  }
  expect(compared).toBeGreaterThan(2 * FILE.packs.length);
});

it('says of each whether it reports: of what is never heard, silent, or behind a gateway that is', () => {
  const rows = equipmentRows('slot', { scene: theScene(), rights: { kind: 'ALL' }, estimateOf: () => null });
  const presenceOf = (id: string) => rows.find((row) => row.id === id)?.presence;
  const other = FILE.stations.find(({ id, slots }) => id !== 'HH1' && slots >= 7)?.id ?? '';
  expect([`HH1-1`, `HH1-3`, `${other}-1`, `${other}-3`, `${other}-7`].map(presenceOf)).toEqual([
    'OFFLINE',
    'NEVER_SEEN',
    'ONLINE',
    'NEVER_SEEN',
    'STALE',
  ]);
});
