import { packVoltageV } from '@corridor/actors/pack/open-circuit-voltage';
import { fadeStateAtSoh } from '@corridor/actors/pack/soh-fade';
import { positionAt } from '@corridor/actors/road/road-profile';
import { bayIdOf, slotIdOf } from '@corridor/protocols/ids';
import type { NetworkFile, PackDefinition, StationDefinition, TruckDefinition } from '@corridor/protocols/network-file';
import { PARKED } from './crane-path.ts';
import { loadOfTrip } from './driver.ts';
import type { PackPlace, PlantBay, PlantPack, PlantState, PlantStation, PlantTruck } from './plant-state.ts';
import type { World } from './world.ts';

const FIRST_PACK_TEMP_C = 22;

export class NetworkFileError extends Error {
  readonly code = 'NETWORK_FILE_INVALID';
}

/**
 * The world at its first instant, from a network file.
 * @throws NetworkFileError when packs and places do not fit together
 */
export function newPlantState({
  network,
  world,
  seed,
  atMs,
}: {
  network: NetworkFile;
  world: World;
  seed: number;
  atMs: number;
}): PlantState {
  const trucks = network.trucks.filter(({ replayed }) => !replayed);
  const state: PlantState = {
    version: 1,
    seed,
    atMs,
    trucks: {},
    packs: {},
    stations: Object.fromEntries(network.stations.map((definition) => [definition.id, newStation(definition, world)])),
    faults: [],
  };
  for (const definition of trucks) state.trucks[definition.id] = newTruck(definition, network, atMs);
  for (const definition of network.packs) placePack(state, definition, network, world);
  for (const truck of Object.values(state.trucks)) truck.loadKg = loadOfTrip(state, world, truck);
  return state;
}

function newTruck(definition: TruckDefinition, network: NetworkFile, atMs: number): PlantTruck {
  const driver = network.drivers.find(({ truckIds }) => truckIds.includes(definition.id));
  return {
    id: definition.id,
    vin: definition.vin,
    plate: definition.plate,
    rfid: definition.rfid,
    carrierId: definition.carrierId,
    driverToken: driver ? { ...driver.idToken } : { idToken: definition.vin, type: 'VIN' },
    tareMassKg: definition.tareMassKg,
    packId: null,
    mode: 'DRIVING',
    untilMs: null,
    chainageM: definition.initialChainageM,
    direction: definition.initialDirection,
    speedMps: 0,
    odometerM: 0,
    loadKg: 0,
    tripNo: 1,
    drivenMs: 0,
    restedMs: 0,
    goal: null,
    nextChoiceAtMs: atMs,
    stationId: null,
    bayId: null,
    queuedAtMs: null,
    refusals: 0,
    motorPowerW: 0,
    auxPowerW: 0,
  };
}

function newStation(definition: StationDefinition, world: World): PlantStation {
  return {
    id: definition.id,
    chainageM: definition.chainageM,
    direction: definition.direction,
    lat: definition.lat,
    lon: definition.lon,
    altM: positionAt(world.road, definition.chainageM).altM,
    chargerPowerW: definition.chargerPowerW,
    gridLimitW: definition.gridLimitW,
    pvPeakW: definition.pvPeakW,
    slots: Array.from({ length: definition.slots }, (_, index) => ({
      evseId: index + 1,
      packId: null,
      order: { powerW: 0, untilSocPercent: 0 },
      powerW: 0,
      chargingState: 'IDLE',
      gridWh: 0,
      pvWh: 0,
      plugTempC: 20,
      doorOpen: false,
      locked: false,
    })),
    bays: Array.from({ length: definition.bays }, (_, index) => newBay(bayIdOf(definition.id, index + 1))),
    queue: [],
    gridPowerW: 0,
    pvPowerW: 0,
    auxPowerW: 0,
    gridImportWh: 0,
    gridExportWh: 0,
    pvEnergyWh: 0,
    auxWh: 0,
    ambientC: 15,
    windMps: 0,
    emergencyStop: false,
    fire: false,
    dark: false,
    repairs: [],
  };
}

function newBay(id: string): PlantBay {
  return {
    id,
    truckId: null,
    broughtPackId: null,
    docked: false,
    visits: 0,
    entranceOpen: true,
    released: false,
    offsetM: 0,
    angleDeg: 0,
    parkBrakeOn: false,
    chocked: false,
    hvOff: false,
    locks: ['LOCKED', 'LOCKED', 'LOCKED', 'LOCKED'],
    seatSensors: 0,
    grippedPackId: null,
    crane: { ...PARKED },
    motion: null,
    finished: [],
    gantryFaultUntilMs: 0,
    personDetected: false,
    positionSensorOk: true,
    prompt: null,
    actAtMs: null,
  };
}

function placePack(state: PlantState, definition: PackDefinition, network: NetworkFile, world: World): void {
  const type = network.packTypes.find(({ code }) => code === definition.typeCode);
  if (!type) throw new NetworkFileError(`pack ${definition.id}: unknown type ${definition.typeCode}`);
  const sohRatio = definition.initialSohPercent / 100;
  const pack: PlantPack = {
    id: definition.id,
    typeCode: definition.typeCode,
    nominalWh: type.nominalWh,
    massKg: type.massKg,
    place: occupy(state, definition),
    contentWh: (definition.initialSocPercent / 100) * sohRatio * type.nominalWh,
    fade: fadeStateAtSoh(sohRatio),
    tempC: FIRST_PACK_TEMP_C,
    throughputWh: 0,
    cycles: 0,
    powerW: 0,
    voltageV: packVoltageV(world.cells, definition.initialSocPercent),
    currentA: 0,
    conditioning: 'OFF',
    wear: { durationMs: 0, absoluteWh: 0, tempCMs: 0, socRatioMs: 0 },
  };
  state.packs[pack.id] = pack;
}

function occupy(state: PlantState, definition: PackDefinition): PackPlace {
  const { kind, id } = definition.initial;
  if (kind === 'TRUCK') {
    const truck = state.trucks[id];
    if (!truck || truck.packId !== null) throw new NetworkFileError(`pack ${definition.id}: truck ${id} is unknown or has a pack`);
    truck.packId = definition.id;
    return { kind: 'TRUCK', id };
  }
  for (const station of Object.values(state.stations)) {
    const slot = station.slots.find(({ evseId }) => slotIdOf(station.id, evseId) === id);
    if (!slot) continue;
    if (slot.packId !== null) throw new NetworkFileError(`pack ${definition.id}: slot ${id} holds ${slot.packId}`);
    slot.packId = definition.id;
    return { kind: 'SLOT', stationId: station.id, evseId: slot.evseId };
  }
  throw new NetworkFileError(`pack ${definition.id}: no slot ${id}`);
}
