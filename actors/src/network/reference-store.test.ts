import { describe, expect, it } from 'vitest';
import { smallFile } from './corridor.fixture.ts';
import { ReferenceStore } from './reference-store.ts';

const DATE = '2026-11-22';
const file = smallFile();
const store = () => ReferenceStore.of(file, () => null);
const STATION = 'HH1';
const [pack] = file.packs;
const carrierId = file.contracts[0]?.carrierId ?? '';
const of = { packId: pack?.id ?? '', ownerId: pack?.ownerId ?? '' };

/** Answers are kept by date: what is asked twice must not be what was true once. */
describe('an answer that was given is not given again after', () => {
  it('a contract, a tariff or a rate that came in', () => {
    const reference = store();
    const contract = reference.contractOf(carrierId, DATE);
    const tariff = reference.tariffOf(STATION, DATE);
    const stationRate = reference.stationRate(STATION, DATE);
    const batteryRate = reference.batteryRate(of, DATE);
    if (!contract || !tariff || !stationRate || !batteryRate) throw new Error('the corridor lacks what is in force');
    reference.apply({
      contracts: [{ ...contract, id: 'newer', validFrom: '2026-11-20' }],
      tariffs: [{ ...tariff, id: 'own', stationId: STATION }],
      stationRates: [{ ...stationRate, id: 'newer', effectiveFrom: '2026-11-21' }],
      batteryRates: [{ ...batteryRate, id: 'of the pack', packId: of.packId }],
    });
    const now = [reference.contractOf(carrierId, DATE), reference.tariffOf(STATION, DATE), reference.stationRate(STATION, DATE)];
    expect(now.map((each) => each?.id)).toEqual(['newer', 'own', 'newer']);
    expect(reference.batteryRate(of, DATE)?.id).toBe('of the pack');
    expect(reference.stationRate(STATION, '2026-11-20')?.id).toBe(stationRate.id);
  });

  it('a draft that was withdrawn', () => {
    const reference = store();
    const before = reference.tariffOf(STATION, DATE);
    if (!before) throw new Error('no tariff is in force');
    reference.apply({ tariffs: [{ ...before, id: 'own', stationId: STATION }] });
    expect(reference.tariffOf(STATION, DATE)?.id).toBe('own');
    reference.withdraw({ kind: 'TIME_OF_USE', id: 'own' });
    expect(reference.tariffOf(STATION, DATE)).toBe(before);
  });

  it('a station that left, and one that came again in another region', () => {
    const reference = store();
    const [station] = file.stations;
    if (!station) throw new Error('no station');
    const inForce = reference.tariffOf(station.id, DATE);
    reference.remove('STATION', station.id);
    expect(reference.tariffOf(station.id, DATE)).toBeUndefined();
    reference.apply({ stations: [station] });
    expect(reference.tariffOf(station.id, DATE)).toBe(inForce);
  });
});

it('knows that nothing is in force, however often it is asked, on many dates', () => {
  const reference = store();
  for (let day = 0; day < 100; day += 1) {
    const onDate = `19${String(day).padStart(2, '0')}-01-01`;
    for (let again = 0; again < 2; again += 1) expect(reference.contractOf(carrierId, onDate)).toBeUndefined();
  }
  expect(reference.contractOf(carrierId, DATE)).toBeDefined();
});
