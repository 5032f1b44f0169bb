import type { FadeState } from '@corridor/actors/pack/soh-fade';
import type { Direction } from '@corridor/actors/road/direction';
import type { KeptPack, PanelPrompt } from '@corridor/gateway/ports/local-panel';
import type { Motion, MotionFailure, MotionOrder, MotionResult } from '@corridor/gateway/ports/robot';

/**
 * The physical world as plain data: it is stored as it is, and a plant built from the stored state goes on as if nothing
 * had happened. Everything random is drawn from names and counters that are part of it.
 */
export type PlantState = {
  version: 1;
  seed: number;
  /** Scope instant of this state. */
  atMs: number;
  trucks: Record<string, PlantTruck>;
  packs: Record<string, PlantPack>;
  stations: Record<string, PlantStation>;
  faults: PlantFault[];
};

export type PackPlace =
  | { kind: 'TRUCK'; id: string }
  | { kind: 'SLOT'; stationId: string; evseId: number }
  | { kind: 'GANTRY'; bayId: string };

export type PlantPack = {
  id: string;
  typeCode: string;
  nominalWh: number;
  massKg: number;
  place: PackPlace;
  contentWh: number;
  fade: FadeState;
  tempC: number;
  /** Lifetime discharge. */
  throughputWh: number;
  /** Equivalent full cycles. */
  cycles: number;
  /** At the terminals now, positive into the pack. */
  powerW: number;
  voltageV: number;
  currentA: number;
  conditioning: 'OFF' | 'HEATING' | 'COOLING';
  wear: { durationMs: number; absoluteWh: number; tempCMs: number; socRatioMs: number };
};

export const TRUCK_MODES = [
  'DRIVING',
  'QUEUEING',
  'ENTERING',
  'IN_BAY',
  'RESTING',
  'LOADING',
  'WAITING',
  'STRANDED',
  'BROKEN_DOWN',
] as const;
export type TruckMode = (typeof TRUCK_MODES)[number];

export type PlantTruck = {
  id: string;
  vin: string;
  plate: string;
  rfid: string;
  carrierId: string;
  driverToken: { idToken: string; type: string };
  tareMassKg: number;
  packId: string | null;
  mode: TruckMode;
  /** End of resting, loading, waiting, entering, break-down or stranding; null where no time ends the mode. */
  untilMs: number | null;
  chainageM: number;
  direction: Direction;
  speedMps: number;
  odometerM: number;
  loadKg: number;
  tripNo: number;
  /** Driving time since the last rest of 20 minutes. */
  drivenMs: number;
  restedMs: number;
  /** Where the truck means to swap, and on which pass. */
  goal: { stationId: string; direction: Direction } | null;
  /** When the driver thinks about it again. */
  nextChoiceAtMs: number;
  /** Station in whose queue or bay the truck is. */
  stationId: string | null;
  bayId: string | null;
  queuedAtMs: number | null;
  /** Swaps refused in a row: the driver waits longer each time. */
  refusals: number;
  /** Refused where no pack was ready, and called when one is; worlds stored before this was known leave it out. */
  waitsForPack?: boolean;
  /** At the battery; positive drives. */
  motorPowerW: number;
  auxPowerW: number;
};

export type ChargingState = 'IDLE' | 'CONNECTED' | 'CHARGING' | 'SUSPENDED' | 'FAULT';

export type PlantSlot = {
  evseId: number;
  packId: string | null;
  order: { powerW: number; untilSocPercent: number };
  powerW: number;
  chargingState: ChargingState;
  /** DC registers since the charger was built. */
  gridWh: number;
  pvWh: number;
  plugTempC: number;
  doorOpen: boolean;
  locked: boolean;
};

export type LockState = 'LOCKED' | 'UNLOCKED' | 'UNKNOWN';

export type PlantBay = {
  id: string;
  truckId: string | null;
  /** Pack the truck came with: a truck that leaves with the same one was not served. */
  broughtPackId: string | null;
  /** The truck stands on its place (after driving in). */
  docked: boolean;
  /** Trucks that ever docked: names the draws of one visit. */
  visits: number;
  entranceOpen: boolean;
  /** RELEASE was done: the truck may go. */
  released: boolean;
  offsetM: number;
  angleDeg: number;
  parkBrakeOn: boolean;
  chocked: boolean;
  hvOff: boolean;
  locks: [LockState, LockState, LockState, LockState];
  seatSensors: number;
  grippedPackId: string | null;
  crane: { xM: number; yM: number; zM: number };
  motion: RunningMotion | null;
  /** Results by motionId, newest last, few: a restarted gateway asks for the last one only. */
  finished: { motionId: string; result: MotionResult }[];
  gantryFaultUntilMs: number;
  personDetected: boolean;
  positionSensorOk: boolean;
  prompt: PanelPrompt | null;
  /** When the person at the station acts on the prompt. */
  actAtMs: number | null;
};

export type RunningMotion = MotionOrder & {
  startedAtMs: number;
  remainingMs: number;
  totalMs: number;
  frozen: boolean;
  /** Decided when the motion began. */
  failure: MotionFailure | null;
  from: { xM: number; yM: number; zM: number };
};

export type PlantStation = {
  id: string;
  chainageM: number;
  direction: 'BOTH' | Direction;
  lat: number;
  lon: number;
  altM: number;
  chargerPowerW: number;
  gridLimitW: number;
  pvPeakW: number;
  slots: PlantSlot[];
  bays: PlantBay[];
  /** Trucks that wait, first come first served. */
  queue: string[];
  gridPowerW: number;
  pvPowerW: number;
  auxPowerW: number;
  gridImportWh: number;
  gridExportWh: number;
  pvEnergyWh: number;
  auxWh: number;
  ambientC: number;
  windMps: number;
  emergencyStop: boolean;
  fire: boolean;
  /** Its operator closed it, and drivers know; worlds stored before this was known leave it out. */
  closed?: boolean;
  /** Packs that wait for ordered trucks; worlds stored before this was known leave it out. */
  kept?: KeptPack[];
  /** Mains lost. */
  dark: boolean;
  /** Slots that the maintenance crew was called for, until the panel lists them no more. */
  repairs: Repair[];
};

/** `dueAtMs`: when the crew is done with it, or looks again. */
export type Repair = { evseId: number; reasonCode: string; dueAtMs: number };

/** Something wrong with the world until `untilMs`; scripted, drawn from the seed or injected by hand. */
export type PlantFault = { id: string; untilMs: number } & (
  | { kind: 'CHARGER_DOWN'; stationId: string; evseId: number }
  | { kind: 'GRID_LIMIT'; stationId: string; ratio: number }
  | { kind: 'BLACKOUT'; stationId: string }
  | { kind: 'EMERGENCY_STOP'; stationId: string }
  | { kind: 'FIRE'; stationId: string }
  | { kind: 'GANTRY_FAULT'; bayId: string }
  | { kind: 'PERSON_IN_ZONE'; bayId: string }
  | { kind: 'POSITION_SENSOR_LOST'; bayId: string }
  | { kind: 'HOT_PACK'; packId: string; tempC: number }
  | { kind: 'SILENT_BMS'; packId: string }
  | { kind: 'SERIAL_CONFLICT'; packId: string; shownAs: string }
  | { kind: 'BREAK_DOWN'; truckId: string }
  | { kind: 'ROAD_CLOSED'; fromM: number; toM: number }
  | { kind: 'SNOW'; fromM: number; toM: number }
  | { kind: 'MOTION_FAILS'; bayId: string; motion: Motion; failure: MotionFailure; times: number }
);
export type FaultKind = PlantFault['kind'];

/** A physical change that somebody outside learns of; told only after the state that holds it is durable. */
export type PlantFact =
  | { kind: 'MOTION_ENDED'; stationId: string; bayId: string; motionId: string; result: MotionResult }
  | { kind: 'BAY_CHANGED'; stationId: string; bayId: string }
  | { kind: 'SLOT_CHANGED'; stationId: string; evseId: number }
  | { kind: 'STATION_CHANGED'; stationId: string }
  /** The crew confirms at the panel that the slot may be used again. */
  | { kind: 'SLOT_REPAIRED'; stationId: string; evseId: number }
  | { kind: 'PERSON_ACTED'; stationId: string; bayId: string; prompt: PanelPrompt; truckId: string | null }
  | {
      kind: 'TRUCK_EVENT';
      truckId: string;
      event: 'trip_started' | 'trip_ended' | 'stranded' | 'recovered' | 'alarm';
      /** Trip that began or ended. */
      tripId: string;
      detail: string | null;
    };

export const tripIdOf = (truckId: string, tripNo: number): string => `${truckId}-${tripNo}`;
