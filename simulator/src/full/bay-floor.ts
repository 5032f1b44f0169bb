import type { MotionFailure, MotionOrder } from '@corridor/gateway/ports/robot';
import { violated } from '@corridor/protocols/assert';
import {
  emptyBay,
  type LiveReading,
  lock,
  makeSafe,
  PACK_LOAD_KG,
  stickLock,
  truckDrivesIn,
  truckDrivesOff,
  unlock,
} from './bay-reading.ts';
import { slotOf } from './full-rack.ts';
import type { FullPack, FullTruck } from './full-units.ts';

/** The rack beside a bay, as its gantry takes hold of it. */
export interface FloorRack {
  /** A pack out of a slot, into the gripper. */
  pick(evseId: number): FullPack;
  /** The pack that a truck brought, from the gripper into a slot. */
  place(evseId: number, pack: FullPack): void;
  /** A pack that was picked goes back into its slot. */
  putBack(evseId: number, pack: FullPack): void;
}

/** What stands and hangs in a bay, and what its sensors say of it. */
export class BayFloor {
  truck: FullTruck | null = null;
  /** Held by the gantry. */
  gripped: FullPack | null = null;
  readonly reading: LiveReading = emptyBay();
  readonly #bayId: string;
  readonly #rack: () => FloorRack;

  constructor(bayId: string, rack: () => FloorRack) {
    this.#bayId = bayId;
    this.#rack = rack;
  }

  drivesIn(truck: FullTruck): void {
    this.truck = truck;
    truckDrivesIn(this.reading, truck.id);
  }

  /** What is physically true after a motion. @param isReturning it brings a pack back that was picked   @returns the pack whose BMS speaks, or null */
  moved({ motion, evseId }: MotionOrder, isReturning: boolean): FullPack | null {
    const { reading } = this;
    switch (motion) {
      case 'POSITION':
        reading.parkBrakeOn = true;
        return null;
      case 'MAKE_SAFE':
        makeSafe(reading);
        return null;
      case 'UNLOCK':
        unlock(reading);
        return null;
      case 'LOCK':
        lock(reading);
        return null;
      case 'LIFT':
        this.#grip(this.#offTruck());
        reading.seatSensors = 0;
        return null;
      case 'PLACE':
        return this.#place(slotOf(motion, evseId), isReturning);
      case 'PICK': {
        const pack = this.#rack().pick(slotOf(motion, evseId));
        this.#grip(pack);
        return pack;
      }
      case 'SEAT':
        this.#ontoTruck(this.#letGo());
        reading.seatSensors = 4;
        return null;
      case 'SELF_CHECK':
        return this.#docked().pack;
      case 'RELEASE':
        // It drives off as soon as the barrier opens.
        truckDrivesOff(reading);
        return null;
      case 'MOVE_IN':
      case 'MOVE_OUT':
        return null;
    }
  }

  /** What is physically true after a motion that failed; what is not named stands and hangs as before. */
  failed({ motion, evseId }: MotionOrder, failure: MotionFailure, isReturning: boolean): void {
    if (failure === 'LOCK_STUCK') stickLock(this.reading, motion === 'UNLOCK' ? 'UNLOCK' : 'LOCK');
    // The pack is in the slot; its BMS says nothing.
    if (failure === 'NO_HANDSHAKE' && motion === 'PLACE') this.#place(slotOf(motion, evseId), isReturning);
  }

  /** People put a pack onto the truck that has none; it drives off. */
  handOver(pack: FullPack): void {
    if (this.gripped !== null) violated(`${this.#bayId} holds ${this.gripped.id} over a truck that is cleared by hand`);
    this.#ontoTruck(pack);
    lock(this.reading);
    this.reading.seatSensors = 4;
    truckDrivesOff(this.reading);
  }

  #place(evseId: number, isReturning: boolean): FullPack {
    const pack = this.#letGo();
    if (isReturning) this.#rack().putBack(evseId, pack);
    else this.#rack().place(evseId, pack);
    return pack;
  }

  #docked(): FullTruck {
    if (this.truck === null) violated(`${this.#bayId} has no truck`);
    return this.truck;
  }

  #offTruck(): FullPack {
    const truck = this.#docked();
    if (truck.isBare) violated(`${truck.id} has no pack to lift`);
    truck.isBare = true;
    return truck.pack;
  }

  #ontoTruck(pack: FullPack): void {
    const truck = this.#docked();
    if (!truck.isBare) violated(`${truck.id} has a pack already`);
    truck.pack = pack;
    truck.isBare = false;
    pack.station = null;
  }

  #grip(pack: FullPack): void {
    if (this.gripped !== null) violated(`${this.#bayId} holds a pack already`);
    this.gripped = pack;
    this.reading.loadKg = PACK_LOAD_KG;
  }

  #letGo(): FullPack {
    const pack = this.gripped;
    if (pack === null) violated(`${this.#bayId} holds no pack`);
    this.gripped = null;
    this.reading.loadKg = 0;
    return pack;
  }
}
