import { expect, it } from 'vitest';
import { shippedScenario } from '../scenario/scenario-folder.ts';
import { warningWords } from '../scenario/warning.ts';
import { networkWarnings } from './network-difference.ts';

const BASE = shippedScenario('corridor-base.json');
const told = (second: Parameters<typeof networkWarnings>[1]) => networkWarnings(BASE, second).map((warning) => warningWords(warning).en);

it('says nothing of two plans for one corridor', () => {
  for (const file of ['corridor-base.json', 'corridor-282.json', 'corridor-station-more.json', 'corridor-large.json', 'corridor-year.json'])
    expect(told(shippedScenario(file)), file).toEqual([]);
});

it('names sites, roads and stations of a network that has none of the other one', () => {
  const warnings = networkWarnings(BASE, shippedScenario('queue-m-m-1.json'));
  expect(warnings.map(({ code, path }) => `${code} ${path}`)).toEqual(['NETWORKS_UNRELATED /sites', 'NETWORKS_UNRELATED /stations']);
  expect(warningWords(warnings[1] ?? expect.unreachable()).en).toMatch(
    /^\/stations: \w+; the first scenario has none of these, but HH1, .*…/,
  );
});

it('takes the same names elsewhere for others', () => {
  const moved = { ...BASE, sites: BASE.sites.map((site) => ({ ...site, lat: (site.lat ?? 0) + 1 })) };
  const longer = { ...BASE, roads: BASE.roads.map((road) => ({ ...road, lengthM: road.lengthM * 2 })) };
  const resited = { ...BASE, stations: BASE.stations.map((station) => ({ ...station, siteId: 'elsewhere' })) };
  expect([moved, longer, resited].map((second) => networkWarnings(BASE, second).map(({ path }) => path))).toEqual([
    ['/sites'],
    ['/roads'],
    ['/stations'],
  ]);
});
