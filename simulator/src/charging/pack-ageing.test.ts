import { expect, it } from 'vitest';
import { runCoarse } from '../coarse/coarse-run.ts';
import { fadingYears } from '../measures/pack-life.ts';
import type { Ageing } from '../scenario/ageing.schema.ts';
import { readScenario } from '../scenario/read-scenario.ts';
import type { Scenario } from '../scenario/scenario.schema.ts';
import { shippedScenario } from '../scenario/scenario-folder.ts';
import { PackAgeing } from './pack-ageing.ts';

const DAY_MS = 86_400_000;
const AGEING: Ageing = { wearFactor: 1, sohSpreadPercent: 0, renewAtSohPercent: 80 };

/** Five years at 25 °C between full and a fifth, one equivalent full cycle a day. @returns state of health, 0..1 */
function fiveYears(plan: Ageing): { sohRatio: number; renewals: number } {
  let capacityWh = 350_000;
  const ageing = new PackAgeing(plan, { sohPercent: 100, contentWh: capacityWh });
  for (let cycle = 1; cycle <= (5 * 365) / 0.8; cycle += 1) {
    capacityWh = 350_000 * ageing.passTo(cycle * 0.8 * DAY_MS, { contentWh: 0.2 * capacityWh, capacityWh, cellTempC: 25 });
    ageing.filled(capacityWh);
  }
  return { sohRatio: capacityWh / 350_000, renewals: ageing.renewedAtMs.length };
}

it('fades as the published model of large cells has it, cycle by cycle', () => {
  // 0.918 is the published figure after five years of a cycle a day at 25 °C (docs/domain/physics.md).
  expect(fiveYears(AGEING).sohRatio).toBeCloseTo(0.918, 2);
  expect(fiveYears({ ...AGEING, wearFactor: 1.2 }).sohRatio).toBeLessThan(fiveYears(AGEING).sohRatio);
});

it('gets new cells when it comes back too weak, and fades again from there', () => {
  const worn = fiveYears({ ...AGEING, wearFactor: 10, renewAtSohPercent: 90 });
  expect(worn.renewals).toBeGreaterThan(2);
  expect(worn.sohRatio).toBeGreaterThan(0.9);
});

const queue = shippedScenario('queue-repairman.json');
const [STATION] = queue.stations;
if (STATION === undefined) throw new Error('no station');
const { chargeTime: _, ...CURVED } = STATION;
/** Trucks that come back to one station for ever, by the charge curve. */
function yard(ageing: Ageing, changes: Partial<Scenario> = {}): Scenario {
  const stations = [{ ...CURVED, packs: 10, chargers: 10, gridLimitW: 4e6, bays: 2 }];
  const fleets = queue.fleets.map((fleet) =>
    fleet.kind === 'cycle'
      ? { ...fleet, trucks: 10, awayTime: { kind: 'deterministic' as const, valueMs: 6 * 3_600_000 }, arriveSocPercent: 20 }
      : fleet,
  );
  return {
    ...queue,
    days: 400,
    warmUpDays: 35,
    stations,
    fleets,
    pack: { ...queue.pack, sohPercent: 100, cellTempC: 25, ageing },
    ...changes,
  };
}
const run = (scenario: Scenario, seed = 1) => runCoarse({ scenario, seed, engine: 'compiled', detailed: true });
const figure = ({ total }: ReturnType<typeof run>, kpi: string) => total[kpi] ?? Number.NaN;

it('ends a run as the outlook of the same use has it', () => {
  const aged = run(yard({ ...AGEING, wearFactor: 1.2 }));
  const use = {
    cyclesPerDay: figure(aged, 'packCyclesPerDay'),
    issuedRatio: figure(aged, 'packIssuedRatioMean'),
    returnedRatio: figure(aged, 'packReturnedRatioMean'),
  };
  const after = fadingYears(25, use)?.find(({ year }) => year >= 400 / 365)?.sohRatio ?? Number.NaN;
  expect(figure(aged, 'packSohRatioMean')).toBeCloseTo(after, 2);
  expect(figure(aged, 'packSohRatioMean')).toBeLessThan(0.97);
  expect(figure(aged, 'packsRenewedPerYear')).toBe(0);
});

it('gives out what each pack can hold: those of the first day differ, and later ones are weaker', () => {
  const { swaps } = run(
    yard(
      { ...AGEING, sohSpreadPercent: 5 },
      { pack: { ...queue.pack, sohPercent: 92, cellTempC: 25, ageing: { ...AGEING, sohSpreadPercent: 5 } } },
    ),
  );
  const issued = (swaps ?? []).map(({ issuedWh }) => issuedWh);
  const [first, last] = [issued.slice(0, 10), issued.slice(-10)];
  expect(Math.max(...first) - Math.min(...first)).toBeGreaterThan(0.03 * 350_000);
  expect(Math.max(...first)).toBeLessThanOrEqual(0.97 * 0.95 * 350_000);
  expect(Math.max(...last)).toBeLessThan(Math.max(...first));
});

it('counts packs that get new cells, in the time that counts', () => {
  const worn = run(yard({ ...AGEING, wearFactor: 10, renewAtSohPercent: 90 }));
  expect(figure(worn, 'packsRenewedPerYear')).toBeGreaterThan(5);
  expect(figure(worn, 'packSohRatioLeast')).toBeGreaterThan(0.9);
});

it('warns of legs that packs no longer cover before they get new cells', () => {
  const corridor = shippedScenario('corridor-282.json');
  const warned = (renewAtSohPercent: number) =>
    readScenario(JSON.stringify({ ...corridor, pack: { ...corridor.pack, ageing: { ...AGEING, renewAtSohPercent } } })).warnings.filter(
      ({ code }) => code === 'AGED_PACKS_TOO_WEAK',
    );
  expect(warned(70)).toEqual([expect.objectContaining({ path: '/pack/ageing/renewAtSohPercent', value: '70' })]);
  expect(warned(96)).toEqual([]);
});

const { ageing: __, ...bare } = yard(AGEING).pack;
const withAgeing = (ageing: Partial<Ageing>, pack: object = {}): Scenario => ({
  ...yard(AGEING),
  pack: { ...bare, sohPercent: 95, ...pack, ageing: { ...AGEING, ...ageing } },
});
it.each([
  [
    'packs that hold more than new ones',
    withAgeing({ sohSpreadPercent: 6 }),
    '/pack/ageing/sohSpreadPercent: 6; at most 5: no pack holds more',
  ],
  ['packs that need new cells at once', withAgeing({ renewAtSohPercent: 95 }), '/pack/ageing/renewAtSohPercent: 95; below 95, the weakest'],
  ['cells that nobody tested', withAgeing({}, { cellTempC: 5 }), '/pack/cellTempC: 5; 10 to 45 where packs age'],
  ['a key that is none', withAgeing({ years: 5 } as Partial<Ageing>), '/pack/ageing/years: 5; unknown key; known are wearFactor'],
])('refuses %s', (_what, scenario, told) => {
  expect(() => readScenario(JSON.stringify(scenario))).toThrow(told);
});
