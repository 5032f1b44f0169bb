import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { NetworkFile, StationDefinition } from '@corridor/protocols/network-file';
import { makeFolder } from '../journal/make-folder.ts';
import type { LockState } from '../ports/bay-sensors.ts';
import type { MotionOrder, MotionResult } from '../ports/robot.ts';

/** A pack of the dry run: what its BMS would know. */
export type DryRunPack = {
  packId: string;
  typeCode: string;
  nominalWh: number;
  massKg: number;
  socPercent: number;
  sohPercent: number;
  throughputWh: number;
  faultCodes: string[];
  cellTmaxC: number;
  /** false: nobody hears its BMS. */
  bmsAnswers: boolean;
};

export type DryRunTruck = {
  truckId: string;
  plate: string | null;
  rfid: string | null;
  vin: string | null;
  pack: DryRunPack | null;
};

export type DryRunSlot = {
  evseId: number;
  pack: DryRunPack | null;
  setpointW: number;
  untilSocPercent: number;
  availablePowerW: number;
  meterWh: number;
  gridWh: number;
  pvWh: number;
  locked: boolean;
  smoke: boolean;
  doorOpen: boolean;
};

export type DryRunBay = {
  bayId: string;
  truck: DryRunTruck | null;
  gripped: DryRunPack | null;
  lock: LockState;
  seatSensors: number;
  wheelChock: boolean;
  hvOff: boolean;
  positioned: boolean;
  personDetected: boolean;
  positionSensorOk: boolean;
  craneXM: number;
  craneYM: number;
  craneZM: number;
  entranceOpen: boolean;
  motion: { order: MotionOrder; leftMs: number; frozen: boolean } | null;
  /** Results of the last motions, newest last. */
  ended: { motionId: string; result: MotionResult }[];
};

/** The whole physical truth of a dry-run station: JSON. */
export type DryRunState = {
  slots: DryRunSlot[];
  bays: DryRunBay[];
  store: DryRunPack[];
  atMs: number;
  gridImportWh: number;
  pvWh: number;
  emergencyStop: boolean;
  fire: boolean;
  powerLoss: boolean;
  windMps: number;
  gridLimitW: number;
};

export function dryRunPack(network: NetworkFile, packId: string): DryRunPack {
  const pack = network.packs.find(({ id }) => id === packId);
  const type = network.packTypes.find(({ code }) => code === pack?.typeCode);
  if (!pack || !type) throw new RangeError(`pack ${packId} is not in the network file`);
  return {
    packId,
    typeCode: type.code,
    nominalWh: type.nominalWh,
    massKg: type.massKg,
    socPercent: pack.initialSocPercent,
    sohPercent: pack.initialSohPercent,
    throughputWh: 0,
    faultCodes: [],
    cellTmaxC: 25,
    bmsAnswers: true,
  };
}

/** The station as the network file describes it before the first truck. */
export function initialDryRunState(network: NetworkFile, station: StationDefinition, bayIds: readonly string[], atMs: number): DryRunState {
  const slots = Array.from({ length: station.slots }, (_, index): DryRunSlot => {
    const evseId = index + 1;
    const here = network.packs.find(({ initial }) => initial.kind === 'SLOT' && initial.id === `${station.id}-${evseId}`);
    return {
      evseId,
      pack: here ? dryRunPack(network, here.id) : null,
      setpointW: 0,
      untilSocPercent: 0,
      availablePowerW: station.chargerPowerW,
      meterWh: 0,
      gridWh: 0,
      pvWh: 0,
      locked: false,
      smoke: false,
      doorOpen: false,
    };
  });
  const bays = bayIds.map(
    (bayId): DryRunBay => ({
      bayId,
      truck: null,
      gripped: null,
      lock: 'UNKNOWN',
      seatSensors: 0,
      wheelChock: false,
      hvOff: false,
      positioned: false,
      personDetected: false,
      positionSensorOk: true,
      craneXM: 0,
      craneYM: 0,
      craneZM: 6,
      entranceOpen: false,
      motion: null,
      ended: [],
    }),
  );
  return {
    slots,
    bays,
    store: [],
    atMs,
    gridImportWh: 0,
    pvWh: 0,
    emergencyStop: false,
    fire: false,
    powerLoss: false,
    windMps: 2,
    gridLimitW: station.gridLimitW,
  };
}

/** Keeps the state in a file, replaced whole at each change. */
export class DryRunFile {
  readonly #path: string;

  constructor(path: string) {
    this.#path = path;
  }

  /** @returns null at the first start */
  load(): DryRunState | null {
    let text: string;
    try {
      text = readFileSync(this.#path, 'utf8');
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return null;
      throw cause;
    }
    return JSON.parse(text) as DryRunState;
  }

  save(state: DryRunState): void {
    makeFolder(dirname(this.#path));
    writeFileSync(`${this.#path}.new`, JSON.stringify(state));
    renameSync(`${this.#path}.new`, this.#path);
  }
}
