import { assert } from '@corridor/protocols/assert';
import { bayIdOf } from '@corridor/protocols/ids';
import type { NetworkFile, StationDefinition } from '@corridor/protocols/network-file';
import type { BayReading } from '../ports/bay-sensors.ts';
import type { Clock, TimerHandle } from '../ports/clock.ts';
import type { BayEquipment, StationEquipment } from '../ports/equipment.ts';
import type { KeptPack, OutOfUse, PanelAct, PanelPrompt } from '../ports/local-panel.ts';
import type { MotionFailure, MotionOrder } from '../ports/robot.ts';
import { carryOut } from './dry-run-motion.ts';
import { advanceRack, metersOf, rackSlotOf } from './dry-run-rack.ts';
import { DryRunRobot } from './dry-run-robot.ts';
import { type DryRunBay, type DryRunState, type DryRunTruck, dryRunPack, initialDryRunState } from './dry-run-state.ts';
import { Listeners } from './listeners.ts';

const IDENTIFY_MS = 15_000;
/** From the open barrier until the truck is out [ms]. */
const DRIVE_OUT_MS = 20_000;

export type DryRunOptions = {
  network: NetworkFile;
  station: StationDefinition;
  clock: Clock;
  /** Where it stood last time; null = as the network file says. */
  state: DryRunState | null;
  save?(state: DryRunState): void;
  /** Draws how a motion fails; null = it succeeds. */
  failure?(order: MotionOrder, bayId: string): MotionFailure | null;
  onPrompt?(bayId: string, prompt: PanelPrompt | null): void;
  onDeparture?(truck: DryRunTruck, bay: DryRunBay): void;
};

/**
 * Equipment without a station: for acceptance at the factory and for tests. Packs charge by the planning curve, the gantry
 * takes nominal times and does only what physics allows; trucks, faults and people are what one says.
 */
export class DryRunStation {
  readonly state: DryRunState;
  readonly equipment: StationEquipment;
  readonly #options: DryRunOptions;
  readonly #robots = new Map<string, DryRunRobot>();
  readonly #bayListeners = new Map<string, Listeners<void>>();
  readonly #stationListeners = new Listeners<void>();
  readonly #rackListeners = new Listeners<number>();
  readonly #acts = new Listeners<PanelAct>();
  readonly #prompts = new Map<string, PanelPrompt>();
  #outOfUse: readonly OutOfUse[] = [];
  #kept: readonly KeptPack[] = [];
  readonly #timers = new Set<TimerHandle>();

  constructor(options: DryRunOptions) {
    this.#options = options;
    const { station, network, clock } = options;
    const bayIds = Array.from({ length: station.bays }, (_, index) => bayIdOf(station.id, index + 1));
    this.state = options.state ?? initialDryRunState(network, station, bayIds, clock.nowMs());
    this.equipment = {
      clock,
      bays: this.state.bays.map((bay) => this.#bayEquipment(bay)),
      rack: {
        slots: () => {
          advanceRack(this.state, clock.nowMs());
          return this.state.slots.map((slot) => rackSlotOf(slot, this.state.powerLoss));
        },
        setCharging: (evseId, { powerW, untilSocPercent }) => {
          advanceRack(this.state, clock.nowMs());
          Object.assign(this.slot(evseId), { setpointW: powerW, untilSocPercent });
        },
        setLock: (evseId, locked) => {
          this.slot(evseId).locked = locked;
          this.#changed(evseId);
        },
        onChange: (listener) => this.#rackListeners.add(listener),
      },
      meters: {
        read: () => {
          advanceRack(this.state, clock.nowMs());
          return metersOf(this.state, station.id);
        },
      },
      sensors: {
        read: () => {
          const { emergencyStop, fire, powerLoss, windMps } = this.state;
          return { emergencyStop, fire, powerLoss, windMps, ambientC: 15, queueLength: 0 };
        },
        onChange: (listener) => this.#stationListeners.add(listener),
      },
      panel: {
        onAct: (listener) => this.#acts.add(listener),
        press: (act) => this.act(act),
        show: (bayId, prompt) => {
          if (prompt) this.#prompts.set(bayId, prompt);
          else this.#prompts.delete(bayId);
          options.onPrompt?.(bayId, prompt);
        },
        showOutOfUse: (slots) => {
          this.#outOfUse = slots;
        },
        showKept: (packs) => {
          this.#kept = packs;
        },
      },
    };
    for (const bay of this.state.bays) if (bay.truck && bay.motion === null && this.#mayLeave(bay)) this.#driveOut(bay);
  }

  slot(evseId: number) {
    const slot = this.state.slots.find((candidate) => candidate.evseId === evseId);
    assert(slot !== undefined, `no slot ${evseId}`);
    return slot;
  }

  bay(bayId: string): DryRunBay {
    const bay = this.state.bays.find((candidate) => candidate.bayId === bayId);
    assert(bay !== undefined, `no bay ${bayId}`);
    return bay;
  }

  prompt(bayId: string): PanelPrompt | null {
    return this.#prompts.get(bayId) ?? null;
  }

  /** What the panel lists. */
  get outOfUse(): readonly OutOfUse[] {
    return this.#outOfUse;
  }

  get kept(): readonly KeptPack[] {
    return this.#kept;
  }

  #save(): void {
    this.#options.save?.(this.state);
  }

  #changed(evseId: number): void {
    this.#save();
    this.#rackListeners.tell(evseId);
  }

  #bayEquipment(bay: DryRunBay): BayEquipment {
    const { clock } = this.#options;
    const listeners = new Listeners<void>();
    this.#bayListeners.set(bay.bayId, listeners);
    const robot = new DryRunRobot(bay, clock, {
      failure: (order) => this.#options.failure?.(order, bay.bayId) ?? null,
      carryOut: (order, failure) => {
        advanceRack(this.state, clock.nowMs());
        const result = carryOut(this.state, bay, order, failure);
        if (order.evseId !== null && (order.motion === 'PLACE' || order.motion === 'PICK')) {
          const { evseId } = order;
          this.#later(0, () => this.#rackListeners.tell(evseId));
        }
        if (order.motion === 'RELEASE' && result.ok) this.#driveOut(bay);
        return result;
      },
      save: () => this.#save(),
    });
    this.#robots.set(bay.bayId, robot);
    return {
      bayId: bay.bayId,
      robot,
      sensors: {
        read: () => bayReading(bay),
        onChange: (listener) => listeners.add(listener),
        setEntrance: (open) => {
          bay.entranceOpen = open;
        },
      },
      identification: {
        identify: async () => {
          await new Promise<void>((resolve) => this.#later(IDENTIFY_MS, resolve));
          const { truck } = bay;
          const pack = truck?.pack ?? null;
          return {
            plate: truck?.plate ?? null,
            rfid: truck?.rfid ?? null,
            vin: truck?.vin ?? null,
            truckId: truck?.rfid != null ? truck.truckId : null,
            driverToken: null,
            packSerialNumber: pack?.bmsAnswers === true ? pack.packId : null,
            packSocPercent: pack?.bmsAnswers === true ? pack.socPercent : null,
            packSohPercent: pack?.bmsAnswers === true ? pack.sohPercent : null,
            odometerM: null,
            durationMs: IDENTIFY_MS,
          };
        },
      },
    };
  }

  #later(delayMs: number, callback: () => void): void {
    const timer = this.#options.clock.setTimer(delayMs, () => {
      this.#timers.delete(timer);
      callback();
    });
    this.#timers.add(timer);
  }

  #mayLeave(bay: DryRunBay): boolean {
    const last = bay.ended.at(-1);
    return bay.lock === 'LOCKED' && !bay.wheelChock && !bay.hvOff && last?.result.ok === true;
  }

  #driveOut(bay: DryRunBay): void {
    this.#later(DRIVE_OUT_MS, () => this.#depart(bay));
  }

  #depart(bay: DryRunBay): void {
    const { truck } = bay;
    if (!truck) return;
    this.#options.onDeparture?.(truck, bay);
    Object.assign(bay, { truck: null, lock: 'UNKNOWN', seatSensors: 0, wheelChock: false, hvOff: false, positioned: false });
    this.#save();
    this.#bayListeners.get(bay.bayId)?.tell();
  }

  /** A truck of the network file, or any other, drives into a free bay. */
  dock(bayId: string, truck: DryRunTruck): void {
    const bay = this.bay(bayId);
    assert(bay.truck === null, `bay ${bayId} is not free`);
    bay.truck = truck;
    Object.assign(bay, { lock: truck.pack ? 'LOCKED' : 'UNKNOWN', seatSensors: truck.pack ? 4 : 0, wheelChock: false, hvOff: false });
    bay.positioned = false;
    this.#save();
    this.#bayListeners.get(bayId)?.tell();
  }

  /** The truck as the network file has it, with the state of charge one says. */
  truckOf(truckId: string, socPercent: number): DryRunTruck {
    const { network } = this.#options;
    const known = network.trucks.find(({ id }) => id === truckId);
    const pack = network.packs.find(({ initial }) => initial.kind === 'TRUCK' && initial.id === truckId);
    if (!known || !pack) throw new RangeError(`truck ${truckId} or its pack is not in the network file`);
    const { plate, rfid, vin } = known;
    return { truckId, plate, rfid, vin, pack: { ...dryRunPack(network, pack.id), socPercent } };
  }

  /** A tug takes the truck away, whatever its state. */
  tow(bayId: string): void {
    this.#depart(this.bay(bayId));
  }

  /** Changes what sensors see, and tells. */
  set(change: Partial<Pick<DryRunState, 'emergencyStop' | 'fire' | 'powerLoss' | 'windMps' | 'gridLimitW'>>): void {
    advanceRack(this.state, this.#options.clock.nowMs());
    Object.assign(this.state, change);
    this.#save();
    if (this.state.emergencyStop || this.state.fire || this.state.powerLoss) for (const robot of this.#robots.values()) robot.freeze();
    this.#stationListeners.tell();
  }

  setBay(bayId: string, change: Partial<Pick<DryRunBay, 'personDetected' | 'positionSensorOk'>>): void {
    const bay = this.bay(bayId);
    Object.assign(bay, change);
    this.#save();
    // Hardware freezes by itself.
    if (bay.personDetected || !bay.positionSensorOk) this.#robots.get(bayId)?.freeze();
    this.#bayListeners.get(bayId)?.tell();
  }

  act(act: PanelAct): void {
    this.#acts.tell(act);
    if (act.kind !== 'GIVEN_UP') return;
    const bay = this.bay(act.bayId);
    if (bay.gripped) this.state.store.push(bay.gripped);
    bay.gripped = null;
    this.#robots.get(act.bayId)?.clearByHand();
  }

  stop(): void {
    for (const timer of this.#timers) this.#options.clock.clearTimer(timer);
    for (const robot of this.#robots.values()) robot.stop();
    this.#save();
  }
}

function bayReading(bay: DryRunBay): BayReading {
  const { truck, gripped, lock } = bay;
  return {
    truckDocked: truck !== null,
    plateAtEntrance: truck?.plate ?? null,
    offsetM: bay.positioned ? 0.01 : 0.2,
    angleDeg: bay.positioned ? 0.2 : 3,
    wheelsInGuide: bay.positioned,
    parkBrakeOn: bay.positioned,
    gearNeutral: bay.positioned,
    wheelChock: bay.wheelChock,
    hvOff: bay.hvOff,
    residualVoltageV: bay.hvOff ? 12 : 610,
    isolationOhmPerV: 500,
    personDetected: bay.personDetected,
    positionSensorOk: bay.positionSensorOk,
    locks: { l1: lock, l2: lock, l3: lock, l4: lock },
    seatSensors: bay.seatSensors,
    craneXM: bay.craneXM,
    craneYM: bay.craneYM,
    craneZM: bay.craneZM,
    loadKg: gripped?.massKg ?? 0,
  };
}
