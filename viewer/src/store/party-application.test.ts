import { DriverDefinition, PackDefinition, Principal, StationDefinition, TruckDefinition } from '@corridor/protocols/network-file';
import { Check } from 'typebox/value';
import { expect, it } from 'vitest';
import { entryOf, FORM_FIELDS, partyApplicationOf } from './party-application.ts';

const SCHEMA = {
  PRINCIPAL: Principal,
  STATION: StationDefinition,
  PACK: PackDefinition,
  TRUCK: TruckDefinition,
  DRIVER: DriverDefinition,
} as const;
const ENTRIES = {
  PRINCIPAL: {
    id: 'C9',
    kind: 'CARRIER',
    name: 'Nine Freight',
    nameZh: '九州货运',
    'identity.creditCode': '91130900MA0CXXXXXX'.replaceAll('X', '1'),
    'identity.realName': '张三',
  },
  STATION: {
    id: 'XX1',
    siteId: 'XX',
    name: 'Newtown',
    nameZh: '新城站',
    direction: 'BOTH',
    gridRegion: 'SHANXI',
    chainageM: '41.3',
    lat: '38.3',
    lon: '113.1',
    bays: '1',
    slots: '8',
    chargerPowerW: '240',
    gridLimitW: '2000',
    pvPeakW: '0',
    interfaceTypes: 'TOP-A, TOP-B',
    targetSocPercent: '90',
    maxSocPercent: '95',
  },
  PACK: {
    id: 'P-1',
    typeCode: 'LFP350',
    'initial.kind': 'SLOT',
    'initial.id': 'HH1-1',
    initialSocPercent: '55.5',
    initialSohPercent: '88',
  },
  TRUCK: {
    id: 'T900',
    plate: '冀J90000D',
    vin: 'LCT4X2BEV26000900',
    rfid: 'E28000',
    interfaceType: 'TOP-A',
    tareMassKg: '15100',
    initialChainageM: '10.315',
    initialDirection: 'WEST',
    'identity.ownerName': '某公司',
    'identity.vehicleLicenceNo': '130900000001',
  },
  DRIVER: {
    id: 'D900',
    'identity.realName': '张三',
    'identity.idNumber': '11010519491231002X',
    'idToken.idToken': 'CARD-1',
    certifiedUntil: '2035-12-31',
  },
} as const;
const KINDS = Object.keys(ENTRIES) as (keyof typeof ENTRIES)[];

it.each(KINDS)('makes of a filled form what the schema of its kind takes: %s', (kind) => {
  const made = partyApplicationOf(kind, 'X1', ENTRIES[kind]);
  if ('flaws' in made) throw new Error(made.flaws.join());
  expect(Check(SCHEMA[kind], made.definition), JSON.stringify(made.definition)).toBe(true);
  // And back, but for what is sealed and the card.
  const back = Object.entries(ENTRIES[kind]).filter(([path]) => !path.startsWith('identity.') && path !== 'idToken.idToken');
  expect(entryOf(kind, made.definition)).toMatchObject(Object.fromEntries(back.filter(([path]) => path !== 'interfaceTypes')));
});

it.each(KINDS)('names everything that is missing: %s', (kind) => {
  const needed = FORM_FIELDS[kind].filter(({ isOptional, look }) => isOptional !== true && look.kind !== 'choice').map(({ path }) => path);
  expect(partyApplicationOf(kind, 'X1', {})).toEqual({ flaws: needed });
});

it('counts in the units of the definition, and refuses what is outside them', () => {
  expect(partyApplicationOf('STATION', 'SO1', ENTRIES.STATION)).toMatchObject({
    definition: { chainageM: 41_300, chargerPowerW: 240_000, interfaceTypes: ['TOP-A', 'TOP-B'], operatorId: 'SO1' },
  });
  for (const wrong of [
    { slots: '1' },
    { bays: '1.5' },
    { lat: '91' },
    { chargerPowerW: '9999' },
    { id: 'a b' },
    { id: '<script>' },
    { maxSocPercent: 'x' },
  ])
    expect(partyApplicationOf('STATION', 'SO1', { ...ENTRIES.STATION, ...wrong })).toEqual({ flaws: Object.keys(wrong) });
  const twisted = { ...ENTRIES.DRIVER, 'identity.idNumber': '110105194912310021' };
  expect(partyApplicationOf('DRIVER', 'C1', twisted)).toEqual({ flaws: ['identity.idNumber'] });
});
