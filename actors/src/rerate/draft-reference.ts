import type { BatteryRate, Contract, StationRate, TimeOfUseTariff } from '@corridor/protocols/network-file';
import type { Reference } from '../network/reference.ts';

/** Agreements that are tried on a past period: each takes the place of whatever was in force for the same subject. */
export interface Drafts {
  contracts: readonly Contract[];
  tariffs: readonly TimeOfUseTariff[];
  stationRates: readonly StationRate[];
  batteryRates: readonly BatteryRate[];
}
export const NO_DRAFTS: Drafts = { contracts: [], tariffs: [], stationRates: [], batteryRates: [] };

/** Drafts that are tried, beside what was in force. */
export interface Trial {
  readonly before: Reference;
  readonly drafts: Drafts;
  /** `before`, as it would have been, on every date, with the drafts in force. */
  readonly tried: Reference;
}

export const trialOf = (before: Reference, drafts: Drafts): Trial => ({ before, drafts, tried: withDrafts(before, drafts) });

function withDrafts(reference: Reference, { contracts, tariffs, stationRates, batteryRates }: Drafts): Reference {
  return {
    platformId: reference.platformId,
    principal: (id) => reference.principal(id),
    station: (id) => reference.station(id),
    packType: (code) => reference.packType(code),
    pack: (id) => reference.pack(id),
    truck: (id) => reference.truck(id),
    driver: (id) => reference.driver(id),
    driverByToken: (idToken) => reference.driverByToken(idToken),
    suspensionOf: (kind, id) => reference.suspensionOf(kind, id),
    contractOf: (carrierId, onDate) => contracts.find((draft) => draft.carrierId === carrierId) ?? reference.contractOf(carrierId, onDate),
    alliance: (id) => reference.alliance(id),
    tariffOf: (stationId, onDate) =>
      tariffs.find((draft) => draft.stationId === stationId) ??
      tariffs.find((draft) => draft.stationId === undefined && draft.gridRegion === reference.station(stationId)?.gridRegion) ??
      reference.tariffOf(stationId, onDate),
    stationRate: (stationId, onDate) =>
      stationRates.find((draft) => draft.stationId === stationId) ?? reference.stationRate(stationId, onDate),
    batteryRate: (pack, onDate) =>
      batteryRates.find((draft) => draft.ownerId === pack.ownerId && draft.packId === pack.packId) ??
      batteryRates.find((draft) => draft.ownerId === pack.ownerId && draft.packId === undefined) ??
      reference.batteryRate(pack, onDate),
    stations: () => reference.stations(),
    packs: () => reference.packs(),
    trucks: () => reference.trucks(),
    principals: () => reference.principals(),
    requiredEnergyWh: (options) => reference.requiredEnergyWh(options),
  };
}
