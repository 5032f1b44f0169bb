import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ScenarioError } from './problem.ts';
import { readScenario } from './read-scenario.ts';
import { scenarioText } from './scenario-file.ts';
import { reasonWords } from './warning.ts';

const SCENARIOS = new URL('../../scenarios/', import.meta.url);
const textOf = (file: string) => readFileSync(new URL(file, SCENARIOS), 'utf8');
const QUEUE = textOf('queue-m-m-1.json');
const CORRIDOR = textOf('corridor-base.json');

/** A scenario with one place of it changed, or left out. */
function changed(text: string, path: string, value: unknown): string {
  const whole = JSON.parse(text);
  const keys = path.split('/').slice(1);
  const last = keys.pop() ?? '';
  const at = keys.reduce((part, key) => part[key], whole);
  if (value === undefined) delete at[last];
  else at[last] = value;
  return JSON.stringify(whole);
}

function problemsOf(text: string): string[] {
  try {
    readScenario(text);
  } catch (cause) {
    if (cause instanceof ScenarioError) return cause.message.split('\n');
    throw cause;
  }
  return [];
}

describe('a scenario that cannot be run names the field, what stands there and what is allowed', () => {
  it.each([
    ['/bays', 3, '/bays: 3; unknown key; known are name, about, model'],
    ['/stations/0/colour', 'red', '/stations/0/colour: "red"; unknown key; known are id, siteId'],
    ['/stations/0/bays', undefined, '/stations/0/bays: missing; an integer at least 1, at most 1000 (trucks served at the same time)'],
    ['/stations/0/bays', 0, '/stations/0/bays: 0; an integer at least 1, at most 1000'],
    ['/stations/0/bays', 1.5, '/stations/0/bays: 1.5; an integer at least 1'],
    ['/stations/0/discipline', 'push', '/stations/0/discipline: "push"; one of "wait", "lost"'],
    ['/stations/0/swapTime/meanMs', -1, '/stations/0/swapTime/meanMs: -1; a number above 0, at most 31536000000 (mean [ms])'],
    [
      '/stations/0/swapTime/kind',
      'weibull',
      '/stations/0/swapTime/kind: "weibull"; one of exponential, deterministic, triangular, lognormal, empirical',
    ],
    ['/stations/0/swapTime', 300, '/stations/0/swapTime: 300; one of exponential, deterministic'],
    ['/stations/0/swapTime', { kind: 'triangular', minMs: 5, modeMs: 3, maxMs: 9 }, 'minMs <= modeMs <= maxMs'],
    ['/fleets/0/arrivals/perHour', 0, '/fleets/0/arrivals/perHour: 0; a number above 0, at most 10000'],
    ['/fleets/0/arrivals/perHour', -2, '/fleets/0/arrivals/perHour: -2; a number above 0'],
    ['/fleets/0/arrivals/perHour', '6', '/fleets/0/arrivals/perHour: "6"; a number above 0'],
    ['/fleets/0/arrivals', { kind: 'interval', between: { kind: 'deterministic', valueMs: 0 } }, 'an endless number would come at once'],
    ['/fleets/0/arrivals/dayProfile', Array.from({ length: 24 }, () => 0), 'nobody would ever come'],
    [
      '/fleets/0/arrivals/dayProfile',
      Array.from({ length: 24 }, () => 2),
      '24 shares whose mean is 1, for perHour is the mean of the day: their mean is 2',
    ],
    ['/fleets/0/arriveSocPercent', 97, '/fleets/0/arriveSocPercent: 97; at most the issueSocPercent of S1, 95'],
    ['/fleets/0/stationId', 'S9', '/fleets/0/stationId: "S9"; one of the stations S1'],
    ['/fleets/0/kind', 'flock', '/fleets/0/kind: "flock"; one of trips, visits, cycle'],
    ['/stations/0/siteId', 'B', '/stations/0/siteId: "B"; one of the sites A'],
    ['/warmUpDays', 16, '/warmUpDays: 16; less than the horizon of 16 days'],
    ['/days', -1, '/days: -1; a number above 0'],
    ['/days', null, '/days: null; a number above 0'],
    ['/policies', { charging: 'slowest' }, '/policies/charging: "slowest"; one of fastest, off-peak, limit-following, pv-first'],
    ['/policies', { chooseStation: 'cheapest' }, 'prices are told by tariffs and the gridRegion of every station'],
    ['/policies', { charging: 'off-peak' }, 'off-peak hours are told by tariffs'],
    ['/policies', { charging: 'limit-following' }, 'no station has a limitSignalW to follow'],
    ['/policies', { charging: 'pv-first' }, 'no station has pv'],
    ['/policies', { speed: 'fast' }, '/policies/speed: "fast"; unknown key; known are chooseStation, choosePack, charging, pricing'],
    ['/stations/0/pv', { peakW: 5_000, clearSkyRatio: 2 }, '/stations/0/pv/clearSkyRatio: 2; a number at least 0, at most 1'],
    ['/stations/0/limitSignalW', [1, 2], '/stations/0/limitSignalW: [1,2]; a list of 24 to 24 items'],
    ['/faults', [{ kind: 'blackout', stationId: 'S9', fromDay: 1, durationMs: 5 }], '/faults/0/stationId: "S9"; one of the stations S1'],
    [
      '/faults',
      [{ kind: 'blackout', stationId: 'S1', fromDay: 99, durationMs: 5 }],
      '/faults/0/fromDay: 99; less than the horizon of 16 days',
    ],
    ['/seeds/count', 0, '/seeds/count: 0; an integer at least 1'],
    ['/model', 'exact', '/model: "exact"; one of "coarse", "full" (the corridor as queues, or with the machines'],
    ['/stations', [], '/stations: []; a list of 1 to 10000 items'],
    ['/pack', 'LFP350', '/pack: "LFP350"; an object with type, nominalWh, sohPercent, cellTempC'],
  ])('%s = %j', (path, value, told) => {
    const problems = problemsOf(changed(QUEUE, path, value));
    expect(problems.join('\n')).toContain(told);
    expect(problems).toHaveLength(1);
  });

  it.each([
    ['/fleets/0/to', 'MOON', '/fleets/0/to: "MOON"; one of the sites HHP, HH, HJ'],
    ['/fleets/0/to', 'HHP', '/fleets/0/to: "HHP"; another site than the one they begin at'],
    ['/roads/3/elevations/0/0', 7, '/roads/3/elevations/0/0: 7; 0: heights begin where the road begins'],
    ['/roads/3/lengthM', 99_999, 'the length of the road, 99999'],
    ['/roads/3/to', 'BD', '/roads/3/to: "BD"; another site than the one it begins at'],
    ['/stations/3/id', 'HH1', '/stations/3/id: "HH1"; each id stands once'],
    ['/stations/2/servesTripsTo/0', 'X', '/stations/2/servesTripsTo/0: "X"; one of the sites HHP'],
    ['/pack/cellTempC', -5, '/pack/cellTempC: -5; 0 to 55: no pack of HH1 would ever be charged'],
  ])('corridor: %s = %j', (path, value, told) => {
    expect(problemsOf(changed(CORRIDOR, path, value)).join('\n')).toContain(told);
  });

  it('a road that is missing', () => {
    const roads = JSON.parse(CORRIDOR).roads.filter(({ id }: { id: string }) => id !== 'BD-SP');
    expect(problemsOf(changed(CORRIDOR, '/roads', roads)).join('\n')).toContain(
      '/fleets/0/to: "YP"; a site that roads lead to from HHP: the roads there are disconnected',
    );
  });

  it('a station that no road leads to', () => {
    const apart = changed(CORRIDOR, '/sites/10', { id: 'ISLE', lat: 38, lon: 118 });
    expect(problemsOf(changed(apart, '/stations/5/siteId', 'ISLE'))).toEqual([
      '/stations/5/siteId: "ISLE"; a site that some fleet can come to: no road leads here, and no fleet names the station',
    ]);
  });

  it('a leg that no pack covers: only the first and the last station are left', () => {
    const stations = JSON.parse(CORRIDOR).stations.filter(({ id }: { id: string }) => id === 'HH1' || id === 'YP1');
    expect(problemsOf(changed(CORRIDOR, '/stations', stations)).join('\n')).toMatch(
      /^\/fleets\/0: "haul"; legs that a pack covers: from HH1 towards YP the nearest station, YP1, takes \d+\.\d kWh at the peak of the way, and the pack holds 315\.9 kWh$/,
    );
  });

  it('a way without any station', () => {
    const stations = JSON.parse(CORRIDOR).stations.map((station: object) => ({ ...station, servesTripsTo: ['HJ'] }));
    expect(problemsOf(changed(CORRIDOR, '/stations', stations)).join('\n')).toContain('from HHP with 90 % on board there is none ahead');
  });

  it('no JSON at all, and many problems at once', () => {
    expect(problemsOf('{"name": ')).toEqual([expect.stringMatching(/^\/: .*; JSON: /)]);
    const twice = changed(changed(QUEUE, '/days', 0), '/stations/0/packs', 'seven');
    expect(problemsOf(twice).map((line) => line.split(':')[0])).toEqual(['/days', '/stations/0/packs']);
  });
});

it('refuses tariffs, sun and policies that lack what they need, in the corridor', () => {
  const told = (path: string, value: unknown) => problemsOf(changed(CORRIDOR, path, value));
  expect(told('/startsOn', undefined)).toEqual(['/startsOn: missing; the local date of the first day: tariffs go by the calendar']);
  expect(told('/startsOn', '2025-07-01')).toContain('/stations/0/gridRegion: "HEBEI_SOUTH"; a region with a tariff in force on 2025-07-01');
  expect(told('/tariffs/0/stationId', 'RC1')[0]).toMatch(/^\/tariffs\/0\/stationId: "RC1"; nothing: tariffs of a plan/);
  expect(told('/fleets/0/loadedMassOutKg', 10_000)).toEqual(['/fleets/0/loadedMassOutKg: 10000; at least the emptyMassKg, 19100']);
  expect(told('/startsOn', '2026-02-30')).toEqual([expect.stringContaining('"2026-02-30"; a day that the calendar has')]);
  expect(told('/startsOn', 'July')).toEqual([expect.stringContaining('/startsOn: "July"')]);
  expect(told('/sites/1/lat', undefined)[0]).toContain('a site with lat and lon, by which the sun stands: HH has none');
  const gap = told('/tariffs/0/seasons/0/hours/0/ranges', [[0, 1]]);
  expect(gap.join(' ')).toContain('/tariffs/0: "HEBEI_SOUTH-2025-1115"; a tariff without faults: month');
});

it('refuses keys that stand twice, of which JSON would take the last, each with its path and line', () => {
  const twice = QUEUE.replace('"bays":', '"bays": 9,\n"bays":').replace('"days":', '"d\\u0061ys": 9, "days":');
  const line = (key: string) => twice.slice(0, twice.lastIndexOf(`"${key}":`)).split('\n').length;
  expect(() => readScenario(twice)).toThrow(
    [
      `/days: "days"; a key once: it stands here again in line ${line('days')}`,
      `/stations/0/bays: "bays"; a key once: it stands here again in line ${line('bays')}`,
    ].join('\n'),
  );
});

describe('warnings', () => {
  const allWarningsOf = (text: string) => readScenario(text).warnings.map((warning) => `${warning.path}: ${reasonWords(warning).en}`);
  /** A queue may be posed with times that its chargers cannot keep. */
  const warningsOf = (text: string) => allWarningsOf(text).filter((line) => !line.startsWith('/stations/0/chargeTime'));

  it('a queue that grows without bound, at its bays or at its chargers', () => {
    expect(warningsOf(changed(QUEUE, '/fleets/0/arrivals/perHour', 12))).toEqual([
      '/stations/0/bays: more: 12.00 trucks an hour keep the bays busy 1.00 times over, so the queue grows without bound',
    ]);
    expect(warningsOf(changed(QUEUE, '/fleets/0/arrivals/perHour', 11.9))).toEqual([]);
    const charging = changed(QUEUE, '/stations/0/chargeTime', { kind: 'exponential', meanMs: 3_600_000 });
    expect(warningsOf(charging)).toEqual([expect.stringMatching(/^\/stations\/0\/chargers: .* packs and chargers busy 1\.50 times over/)]);
    // Who is turned away does not queue.
    expect(warningsOf(changed(charging, '/stations/0/discipline', 'lost'))).toEqual([]);
  });

  it('a connection that is too small: more packs or chargers would only share it', () => {
    const small = changed(CORRIDOR, '/stations/0/gridLimitW', 100_000);
    expect(warningsOf(small)[0]).toMatch(
      /^\/stations\/0\/gridLimitW: more: 5\.00 trucks an hour keep what the connection can charge busy \d+\.\d\d times over/,
    );
    const signal = changed(
      CORRIDOR,
      '/stations/0/limitSignalW',
      Array.from({ length: 24 }, () => 100_000),
    );
    expect(warningsOf(changed(signal, '/policies', { charging: 'limit-following' }))[0]).toMatch(
      /^\/stations\/0\/limitSignalW: more: .* the connection can charge/,
    );
  });

  it('times of charging that chargers or the connection cannot keep', () => {
    // At once: there power is not meant.
    expect(allWarningsOf(QUEUE)).toEqual([]);
    // 75 % of 350 kWh in an hour: 262.5 kW on a charger of 240 kW.
    const hour = changed(QUEUE, '/stations/0/chargeTime', { kind: 'deterministic', valueMs: 3_600_000 });
    expect(allWarningsOf(hour).join()).toContain('it takes 263 kW in the mean, and chargerPowerW gives 240 kW');
    const slow = changed(hour, '/stations/0/chargerPowerW', 300_000);
    expect(allWarningsOf(slow).join()).not.toContain('chargeTime');
    expect(allWarningsOf(changed(slow, '/stations/0/gridLimitW', 400_000)).join()).toMatch(
      /it takes 263 kW in the mean, and gridLimitW leaves each charger 9\d kW when all charge/,
    );
  });

  it.each([
    ['/stations/0/limitSignalW', Array.from({ length: 24 }, () => 9e6), 'only charging "limit-following" keeps to it, not "fastest"'],
    ['/policies', { pricing: 'flat' }, 'only chooseStation "cheapest" asks for prices, not "reach-aware"'],
  ])('a field that changes nothing: %s', (path, value, told) => {
    expect(allWarningsOf(changed(CORRIDOR, path, value)).join('\n')).toContain(`it has no effect: ${told}`);
  });

  it('regions and tariffs that lack each other', () => {
    expect(allWarningsOf(changed(QUEUE, '/stations/0/gridRegion', 'SHANXI')).join()).toContain('there are neither tariffs nor carbon');
    const north = JSON.parse(CORRIDOR).stations.map((station: object) => ({ ...station, gridRegion: 'HEBEI_SOUTH' }));
    expect(allWarningsOf(changed(CORRIDOR, '/stations', north)).join('\n')).toContain(
      '/tariffs/1: it has no effect: no station has the gridRegion SHANXI',
    );
  });

  it('a fleet that cannot make the trips that are asked for', () => {
    // 43 would do if drivers never rested; waits, which are left out, take one truck more.
    expect(warningsOf(changed(CORRIDOR, '/fleets/0/trucks', 44)).join('\n')).toContain('more trucks');
    expect(warningsOf(changed(CORRIDOR, '/fleets/0/trucks', 45)).join('\n')).not.toContain('more trucks');
    expect(warningsOf(changed(CORRIDOR, '/fleets/0/trucks', 30)).join('\n')).toContain(
      '/fleets/0/trucks: more trucks: 2.50 trips an hour are asked for',
    );
  });

  it('a reserve that is used: 282 kWh packs over the mountains', () => {
    expect(warningsOf(changed(CORRIDOR, '/pack/nominalWh', 282_000)).join('\n')).toMatch(
      /\/fleets\/0: loaded trucks reach .* only by using the reserve/,
    );
  });

  it('of the shipped scenarios only the stress and the winter of the corridor saturate, at the station that both directions need', () => {
    const files = readdirSync(SCENARIOS).filter((file) => file.endsWith('.json'));
    const unbound = files.flatMap((file) =>
      warningsOf(scenarioText(new URL(file, SCENARIOS).pathname)).flatMap((warning) =>
        warning.includes('without bound') ? [`${file} ${warning}`] : [],
      ),
    );
    expect(unbound).toEqual([
      expect.stringMatching(/^corridor-stress\.json \/stations\/8\/packs: more: 8\.40 trucks an hour/),
      expect.stringMatching(/^corridor-winter\.json \/stations\/8\/packs: more: 5\.00 trucks an hour/),
    ]);
  });
});

it('a horizon and seeds that are asked for take the place of the scenario’s', () => {
  expect(readScenario(QUEUE, { days: 3, seeds: 2 }).scenario).toMatchObject({ days: 3, seeds: { first: 1, count: 2 } });
  expect(() => readScenario(QUEUE, { days: 1 })).toThrow('/warmUpDays: 1; less than the horizon of 1 days');
});
