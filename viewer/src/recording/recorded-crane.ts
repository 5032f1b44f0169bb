import type { RecordedStation } from '@corridor/protocols/recording/recording.schema';

type Step = RecordedStation['bays'][number]['step'];
interface Crane {
  craneXM: number | null;
  craneYM: number | null;
  craneZM: number | null;
}

/** As the simulated plant reports them: distance between slots, of the truck from the rack, and heights [m]. */
const SLOT_PITCH_M = 3.2;
const TRUCK_Y_M = 6;
const TRAVEL_Z_M = 4.5;
const TRUCK_DECK_Z_M = 1.4;
const RACK_Z_M = 0.6;
const UNKNOWN: Crane = { craneXM: null, craneYM: null, craneZM: null };

/** Where the gripper is in a step: a recording tells the step and the slot, not the way in between. */
export function recordedCrane(step: Step, evseId: number | null, slots: number): Crane {
  const overTruck = { craneXM: ((slots - 1) / 2) * SLOT_PITCH_M, craneYM: TRUCK_Y_M };
  const overSlot = evseId === null ? overTruck : { craneXM: (evseId - 1) * SLOT_PITCH_M, craneYM: 0 };
  switch (step) {
    case 'LIFTING':
    case 'SEATING':
      return { ...overTruck, craneZM: TRUCK_DECK_Z_M };
    case 'BATTERY_IN':
    case 'PICKING':
      return { ...overSlot, craneZM: RACK_Z_M };
    case 'TRANSFER_IN':
      return { ...overSlot, craneZM: TRAVEL_Z_M };
    case 'TRANSFER_OUT':
    case 'LOCKING':
      return { ...overTruck, craneZM: TRAVEL_Z_M };
    default:
      return UNKNOWN;
  }
}
