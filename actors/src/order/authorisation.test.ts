import { describe, expect, it } from 'vitest';
import { checkIdentity, checkNetwork, checkPack, checkStationInterface, requiredIssueWh } from './authorisation.ts';
import { anOrderInput, aReference, legIn, NOON_MS, networkFile } from './order.fixture.ts';
import type { OrderInput } from './order-input.ts';

const claim = (over: Partial<OrderInput> = {}) => {
  const input = anOrderInput(over);
  return { ...input, idToken: input.idToken.idToken, atMs: NOON_MS };
};
const token = (idToken: string) => ({ idToken: { idToken, type: 'Central' as const } });

describe('driver, binding and truck', () => {
  it.each<[string, Partial<OrderInput>, string | null]>([
    ['an own truck', {}, null],
    ['a token in other letters', token('ct-1'), null],
    ['an unknown token', token('CT-9'), 'TOKEN_INVALID'],
    ['a driver whose certificate ended yesterday', { ...token('CT-3'), truckId: 'T2' }, 'DRIVER_NOT_CERTIFIED'],
    ['a truck of another driver', { truckId: 'T3' }, 'DRIVER_TRUCK_MISMATCH'],
    ['a truck of another carrier, though bound', { ...token('CT-2'), truckId: 'T1' }, 'DRIVER_TRUCK_MISMATCH'],
    ['an unregistered truck', { truckId: 'T9' }, 'TRUCK_NOT_REGISTERED'],
    ['nobody at the bay', { truckId: null }, 'TRUCK_NOT_REGISTERED'],
    ['two of three reads', { plate: null }, null],
    ['a wrong plate', { plate: '冀J99999D' }, null],
    ['reads in other letters', { plate: ' 冀j1000t1 ', vin: null }, null],
    ['one of three reads', { plate: '冀J99999D', rfid: null }, 'PLATE_RFID_MISMATCH'],
    ['no read', { plate: null, rfid: null, vin: null }, 'PLATE_RFID_MISMATCH'],
    ['no read, from afar', { initiation: 'REMOTE', plate: null, rfid: null, vin: null }, null],
  ])('%s', (_, over, reason) => {
    const found = checkIdentity(aReference(), claim(over));
    expect(found.ok ? null : found.reason).toBe(reason);
  });

  it('takes a certificate on its last local day', () => {
    const lastDay = Date.parse('2026-11-21T23:59:59.999+08:00');
    expect(checkIdentity(aReference(), { ...claim({ ...token('CT-3'), truckId: 'T2' }), atMs: lastDay })).toMatchObject({ ok: true });
  });
});

describe('network', () => {
  const at = (over: object = {}) => ({ carrierId: 'C1', stationId: 'HH1', atMs: NOON_MS, ...over });

  it('opens the owners of the alliances that reach the station', () => {
    const alliances = [
      ...networkFile.alliances,
      { id: 'OTHER', name: 'Other', stationIds: ['HH1'], packOwnerIds: ['BO2', 'BO3'] },
      { id: 'FAR', name: 'Far', stationIds: ['YP1'], packOwnerIds: ['BO4'] },
    ];
    const contracts = networkFile.contracts.map((contract) => ({ ...contract, allianceIds: ['CORRIDOR', 'OTHER', 'FAR'] }));
    expect(checkNetwork(aReference({ alliances, contracts }), at())).toMatchObject({ ok: true, packOwnerIds: ['BO1', 'BO2', 'BO3'] });
  });

  it.each([
    ['a carrier without a contract', at({ carrierId: 'C9' })],
    ['a contract that ended', at({ atMs: Date.parse('2036-01-01T00:00:00+08:00') })],
    ['a contract that has not begun', at({ atMs: Date.parse('2024-12-31T23:59:59+08:00') })],
    ['a station out of reach', at({ stationId: 'YP1' })],
  ])('is closed to %s', (_, ask) => expect(checkNetwork(aReference(), ask)).toMatchObject({ ok: false, reason: 'NETWORK_NOT_ALLOWED' }));
});

describe('packs and interfaces', () => {
  const packOwnerIds = ['BO1', 'BO2'];
  it.each([
    ['fits', {}, 'T1', null],
    ['is of an unknown type', { typeCode: 'X1' }, 'T1', 'BATTERY_UNKNOWN'],
    ['has another interface', { typeCode: 'SIDE300' }, 'T1', 'BATTERY_TYPE'],
    ['is in a truck of another interface', {}, 'T4', 'BATTERY_TYPE'],
    ['is of an owner outside', { ownerId: 'BO9' }, 'T1', 'NETWORK_NOT_ALLOWED'],
  ])('a pack that %s', (_, over, truckId, reason) => {
    const found = checkPack(aReference(), { leg: legIn(over), truckId, packOwnerIds });
    expect(found.ok ? null : found.reason).toBe(reason);
  });

  it('a station refuses trucks of another interface, and is refused when unknown', () => {
    expect(checkStationInterface(aReference(), { stationId: 'HH1', truckId: 'T1' })).toEqual({ ok: true });
    expect(checkStationInterface(aReference(), { stationId: 'HH1', truckId: 'T4' })).toMatchObject({ reason: 'BATTERY_TYPE' });
    expect(checkStationInterface(aReference(), { stationId: 'XX1', truckId: 'T1' })).toMatchObject({ reason: 'STATION_NOT_OPERATIVE' });
  });
});

describe('energy for the way', () => {
  const trip = { stationId: 'HH1', direction: 'WEST', grossMassKg: 20_000, destinationChainageM: null, nominalWh: 350_000 } as const;
  const asked: unknown[] = [];
  const reference = Object.assign(aReference(), {
    requiredEnergyWh: (ask: { direction: 'WEST' | 'EAST'; grossMassKg: number }) => {
      asked.push([ask.direction, ask.grossMassKg]);
      return ask.direction === 'WEST' ? 5 * ask.grossMassKg : null;
    },
  });

  it('is that of the trip, at its worst where it is not known', () => {
    expect(requiredIssueWh(reference, trip)).toBe(100_000);
    expect(requiredIssueWh(reference, { ...trip, direction: null, grossMassKg: null })).toBe(245_000);
    expect(requiredIssueWh(reference, { ...trip, direction: 'EAST' })).toBe(0);
    expect(asked).toEqual([
      ['WEST', 20_000],
      ['WEST', 49_000],
      ['EAST', 49_000],
      ['EAST', 20_000],
    ]);
  });
});
