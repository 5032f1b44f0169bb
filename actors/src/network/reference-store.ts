import type {
  Alliance,
  BatteryRate,
  Contract,
  DriverDefinition,
  NetworkFile,
  PackDefinition,
  PackType,
  Principal,
  StationDefinition,
  StationRate,
  TimeOfUseTariff,
  TruckDefinition,
} from '@corridor/protocols/network-file';
import type { AgreementRef } from '../agreement/agreement.ts';
import type { RosterKind } from '../roster/roster-life.ts';
import { versionInForce } from '../tariff/version-in-force.ts';
import { DatedAnswers } from './dated-answers.ts';
import type { Reference } from './reference.ts';

export type RequiredEnergyWh = Reference['requiredEnergyWh'];

/** Definitions that come in after the start; the same id replaces. */
export interface ReferenceChange {
  principals?: readonly Principal[];
  packTypes?: readonly PackType[];
  stations?: readonly StationDefinition[];
  packs?: readonly PackDefinition[];
  trucks?: readonly TruckDefinition[];
  drivers?: readonly DriverDefinition[];
  alliances?: readonly Alliance[];
  contracts?: readonly Contract[];
  tariffs?: readonly TimeOfUseTariff[];
  stationRates?: readonly StationRate[];
  batteryRates?: readonly BatteryRate[];
}

const byId = <T extends { id: string }>(items: readonly T[] = []) => items.map((item) => [item.id, item] as const);

/** Reference data held in memory, indexed for the rules. The host applies changes between two inputs. */
export class ReferenceStore implements Reference {
  readonly platformId: string;
  readonly requiredEnergyWh: RequiredEnergyWh;
  packOrder: Reference['packOrder'];
  readonly #principals = new Map<string, Principal>();
  readonly #packTypes = new Map<string, PackType>();
  readonly #stations = new Map<string, StationDefinition>();
  readonly #packs = new Map<string, PackDefinition>();
  readonly #trucks = new Map<string, TruckDefinition>();
  readonly #driversByToken = new Map<string, DriverDefinition>();
  readonly #drivers = new Map<string, DriverDefinition>();
  readonly #alliances = new Map<string, Alliance>();
  readonly #contracts = new Map<string, Contract>();
  readonly #tariffs = new Map<string, TimeOfUseTariff>();
  readonly #stationRates = new Map<string, StationRate>();
  readonly #batteryRates = new Map<string, BatteryRate>();
  readonly #contractInForce = new DatedAnswers((carrierId, onDate) => this.#newestContract(carrierId, onDate));
  readonly #tariffInForce = new DatedAnswers((stationId, onDate) => this.#newestTariff(stationId, onDate));
  readonly #stationRateInForce = new DatedAnswers((stationId, onDate) => this.#newestStationRate(stationId, onDate));
  /** Of all packs of an owner that have no rate of their own. */
  readonly #ownersRateInForce = new DatedAnswers((ownerId, onDate) => this.#newestBatteryRate({ ownerId, packId: undefined }, onDate));
  /** Packs that ever had a rate of their own. */
  readonly #packsWithRate = new Set<string>();
  /** `TRUCK:T001` -> why. */
  readonly #suspensions = new Map<string, string>();

  /** @param requiredEnergyWh of the road model; see `Reference.requiredEnergyWh` */
  constructor(platformId: string, requiredEnergyWh: RequiredEnergyWh) {
    this.platformId = platformId;
    this.requiredEnergyWh = requiredEnergyWh;
  }

  static of(file: NetworkFile, requiredEnergyWh: RequiredEnergyWh): ReferenceStore {
    const store = new ReferenceStore(file.platformId, requiredEnergyWh);
    store.apply(file);
    return store;
  }

  apply(change: ReferenceChange): void {
    put(this.#principals, byId(change.principals));
    put(this.#packTypes, change.packTypes?.map((type) => [type.code, type]) ?? []);
    put(this.#stations, byId(change.stations));
    put(this.#packs, byId(change.packs));
    put(this.#trucks, byId(change.trucks));
    for (const driver of change.drivers ?? []) this.#putDriver(driver);
    put(this.#alliances, byId(change.alliances));
    put(this.#contracts, byId(change.contracts));
    put(this.#tariffs, byId(change.tariffs));
    put(this.#stationRates, byId(change.stationRates));
    put(this.#batteryRates, byId(change.batteryRates));
    for (const { packId } of change.batteryRates ?? []) if (packId !== undefined) this.#packsWithRate.add(packId);
    this.#forgetAnswers();
  }

  #forgetAnswers(): void {
    this.#contractInForce.forget();
    this.#tariffInForce.forget();
    this.#stationRateInForce.forget();
    this.#ownersRateInForce.forget();
  }

  /** A version that is not in force will never be. */
  withdraw({ kind, id }: AgreementRef): void {
    const versions: Readonly<Record<AgreementRef['kind'], Map<string, unknown>>> = {
      TIME_OF_USE: this.#tariffs,
      STATION_RATE: this.#stationRates,
      BATTERY_RATE: this.#batteryRates,
      CONTRACT: this.#contracts,
      ALLIANCE: this.#alliances,
    };
    versions[kind].delete(id);
    this.#forgetAnswers();
  }

  suspend(kind: RosterKind, id: string, reason: string): void {
    this.#suspensions.set(`${kind}:${id}`, reason);
  }

  resume(kind: RosterKind, id: string): void {
    this.#suspensions.delete(`${kind}:${id}`);
  }

  /** It takes no part any more. */
  remove(kind: RosterKind, id: string): void {
    this.resume(kind, id);
    if (kind === 'DRIVER') {
      const token = this.#drivers.get(id)?.idToken.idToken.toLowerCase();
      if (token !== undefined && this.#driversByToken.get(token)?.id === id) this.#driversByToken.delete(token);
    }
    const entries: Readonly<Record<RosterKind, Map<string, unknown>>> = {
      PRINCIPAL: this.#principals,
      STATION: this.#stations,
      PACK: this.#packs,
      TRUCK: this.#trucks,
      DRIVER: this.#drivers,
    };
    entries[kind].delete(id);
    this.#forgetAnswers();
  }

  /** Nearly always nobody is suspended, and each order asks for six. */
  suspensionOf(kind: RosterKind, id: string): string | null {
    return this.#suspensions.size === 0 ? null : (this.#suspensions.get(`${kind}:${id}`) ?? null);
  }

  principal(id: string): Principal | undefined {
    return this.#principals.get(id);
  }

  station(id: string): StationDefinition | undefined {
    return this.#stations.get(id);
  }

  packType(code: string): PackType | undefined {
    return this.#packTypes.get(code);
  }

  pack(id: string): PackDefinition | undefined {
    return this.#packs.get(id);
  }

  truck(id: string): TruckDefinition | undefined {
    return this.#trucks.get(id);
  }

  driver(id: string): DriverDefinition | undefined {
    return this.#drivers.get(id);
  }

  alliance(id: string): Alliance | undefined {
    return this.#alliances.get(id);
  }

  stations(): MapIterator<StationDefinition> {
    return this.#stations.values();
  }

  packs(): MapIterator<PackDefinition> {
    return this.#packs.values();
  }

  trucks(): MapIterator<TruckDefinition> {
    return this.#trucks.values();
  }

  principals(): MapIterator<Principal> {
    return this.#principals.values();
  }

  drivers(): MapIterator<DriverDefinition> {
    return this.#drivers.values();
  }

  driverByToken(idToken: string): DriverDefinition | undefined {
    return this.#driversByToken.get(idToken.toLowerCase());
  }

  /** By its name, whatever its days. */
  contract(id: string): Contract | undefined {
    return this.#contracts.get(id);
  }

  /** The newest contract whose days include the date. */
  contractOf(carrierId: string, onDate: string): Contract | undefined {
    return this.#contractInForce.of(carrierId, onDate);
  }

  #newestContract(carrierId: string, onDate: string): Contract | undefined {
    let found: Contract | undefined;
    for (const contract of this.#contracts.values()) {
      if (contract.carrierId !== carrierId || contract.validFrom > onDate || contract.validUntil < onDate) continue;
      if (found === undefined || contract.validFrom > found.validFrom) found = contract;
    }
    return found;
  }

  tariffOf(stationId: string, onDate: string): TimeOfUseTariff | undefined {
    return this.#tariffInForce.of(stationId, onDate);
  }

  #newestTariff(stationId: string, onDate: string): TimeOfUseTariff | undefined {
    const gridRegion = this.#stations.get(stationId)?.gridRegion;
    const inForce = (isInScope: (tariff: TimeOfUseTariff) => boolean) => versionInForce(this.#tariffs.values().filter(isInScope), onDate);
    return (
      inForce((tariff) => tariff.stationId === stationId) ??
      inForce((tariff) => tariff.stationId === undefined && tariff.gridRegion === gridRegion)
    );
  }

  stationRate(stationId: string, onDate: string): StationRate | undefined {
    return this.#stationRateInForce.of(stationId, onDate);
  }

  #newestStationRate(stationId: string, onDate: string): StationRate | undefined {
    return versionInForce(
      this.#stationRates.values().filter((rate) => rate.stationId === stationId),
      onDate,
    );
  }

  /** A rate of a single pack is its owner's: one of a former owner is not in force any more. */
  batteryRate({ packId, ownerId }: { packId: string; ownerId: string }, onDate: string): BatteryRate | undefined {
    const own = this.#packsWithRate.has(packId) ? this.#newestBatteryRate({ ownerId, packId }, onDate) : undefined;
    return own ?? this.#ownersRateInForce.of(ownerId, onDate);
  }

  #newestBatteryRate(of: { ownerId: string; packId: string | undefined }, onDate: string): BatteryRate | undefined {
    return versionInForce(
      this.#batteryRates.values().filter(({ ownerId, packId }) => ownerId === of.ownerId && packId === of.packId),
      onDate,
    );
  }

  #putDriver(driver: DriverDefinition): void {
    const before = this.#drivers.get(driver.id);
    if (before) this.#driversByToken.delete(before.idToken.idToken.toLowerCase());
    this.#drivers.set(driver.id, driver);
    this.#driversByToken.set(driver.idToken.idToken.toLowerCase(), driver);
  }
}

function put<K, V>(map: Map<K, V>, entries: Iterable<readonly [K, V]>): void {
  for (const [key, value] of entries) map.set(key, value);
}

/** No assets, no agreements, no road. */
export const emptyReference: Reference = new ReferenceStore('PF', () => null);
