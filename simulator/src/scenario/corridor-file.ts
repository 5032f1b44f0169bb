import { assert, violated } from '@corridor/protocols/assert';
import { slotIdOf } from '@corridor/protocols/ids';
import type { DriverDefinition, NetworkFile, PackDefinition, StationDefinition, TruckDefinition } from '@corridor/protocols/network-file';
import type { Business } from './business.schema.ts';
import type { Scenario, StationPlan } from './scenario.schema.ts';

/** All trucks and packs of a scenario fit each other. */
const INTERFACE = 'PLANNED';
const CERTIFIED_UNTIL = '9999-12-31';

/** What a scenario of the full model has beside the rest; read once. */
export interface FullScenario extends Scenario {
  model: 'full';
  business: Business;
  startsOn: string;
  tariffs: NonNullable<Scenario['tariffs']>;
}

/** @throws InvariantError when the scenario was not read by `readScenario`, which refuses what is missing */
export function fullScenario(scenario: Scenario): FullScenario {
  const { model, business, startsOn, tariffs } = scenario;
  assert(model === 'full' && business !== undefined, 'the full model needs business');
  assert(startsOn !== undefined && tariffs !== undefined, 'the full model needs startsOn and tariffs');
  return { ...scenario, model, business, startsOn, tariffs };
}

/** Every bay may have a returned pack in the rack before the other is taken out. */
export const slotsOf = ({ packs, bays }: Pick<StationPlan, 'packs' | 'bays'>): number => packs + bays;

/** What the platform registers before the first truck: parties, agreements and stations. Trucks and packs come one by one. */
export function corridorFile(scenario: FullScenario): NetworkFile {
  const { business, pack, tariffs } = scenario;
  const { platformId, principals, alliances, contracts, stationRates, batteryRates } = business;
  return {
    platformId,
    principals,
    alliances,
    contracts,
    stationRates,
    batteryRates,
    tariffs,
    packTypes: [
      { code: pack.type, nominalWh: pack.nominalWh, massKg: PACK_MASS_KG, nominalVoltageV: PACK_VOLTAGE_V, interfaceType: INTERFACE },
    ],
    stations: scenario.stations.map((plan) => stationDefinition(plan, business)),
    trucks: [],
    packs: [],
    drivers: [],
    openingTopUps: [],
  };
}

/** Told to nobody; the traction model knows masses by the fleet. */
const PACK_MASS_KG = 3_200;
const PACK_VOLTAGE_V = 618;

function stationDefinition(plan: StationPlan, { stationOperators }: Business): StationDefinition {
  const { id, siteId, gridRegion, bays, chargerPowerW, gridLimitW, issueSocPercent, pv } = plan;
  const operator = stationOperators.find(({ stationId }) => stationId === id);
  assert(operator !== undefined && gridRegion !== undefined, `${id} has no operator or no grid`);
  return {
    id,
    siteId,
    name: id,
    nameZh: id,
    operatorId: operator.operatorId,
    direction: 'BOTH',
    chainageM: 0,
    lat: 0,
    lon: 0,
    gridRegion,
    bays,
    slots: slotsOf(plan),
    chargerPowerW,
    gridLimitW,
    pvPeakW: pv?.peakW ?? 0,
    interfaceTypes: [INTERFACE],
    targetSocPercent: issueSocPercent,
    maxSocPercent: issueSocPercent,
  };
}

/** Carriers own the trucks of a fleet in turn. @throws InvariantError where nobody does */
export function carrierIdOf({ business }: Pick<FullScenario, 'business'>, { fleetId, name }: { fleetId: string; name: string }): string {
  const carriers = business.fleetCarriers.find((each) => each.fleetId === fleetId)?.carrierIds ?? violated(`no carrier of ${fleetId}`);
  return carriers[(Number(name) - 1) % carriers.length] ?? violated(`nobody owns the trucks of ${fleetId}`);
}

/** A truck and its driver, with papers that agree. */
export function truckDefinition(id: string, carrierId: string): { truck: TruckDefinition; driver: DriverDefinition } {
  return {
    truck: {
      id,
      vin: `VIN-${id}`,
      plate: id,
      rfid: `RFID-${id}`,
      carrierId,
      interfaceType: INTERFACE,
      tareMassKg: 15_000,
      initialChainageM: 0,
      initialDirection: 'WEST',
      initialOdometerM: 0,
      replayed: false,
    },
    driver: {
      id: `D-${id}`,
      name: id,
      carrierId,
      idToken: { idToken: `TOKEN-${id}`, type: 'Central' },
      truckIds: [id],
      certifiedUntil: CERTIFIED_UNTIL,
    },
  };
}

/** @param at a slot, or the truck that brings it */
export function packDefinition(
  { pack }: Pick<Scenario, 'pack'>,
  {
    at,
    socPercent,
    sohPercent,
    ...papers
  }: { id: string; ownerId: string; at: { stationId: string; evseId: number } | string; socPercent: number; sohPercent: number },
): PackDefinition {
  const initial =
    typeof at === 'string' ? { kind: 'TRUCK' as const, id: at } : { kind: 'SLOT' as const, id: slotIdOf(at.stationId, at.evseId) };
  return { ...papers, typeCode: pack.type, initial, initialSocPercent: socPercent, initialSohPercent: sohPercent };
}
