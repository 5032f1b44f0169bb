import { type Static, Type } from 'typebox';
import { Literals } from '../literals.ts';
import { BAY_STATES, LockSensors } from '../tele/bay.ts';

const N = Type.Union([Type.Number(), Type.Null()]);
const S = Type.Union([Type.String(), Type.Null()]);

/** What the sensors of a bay that its interlocks ask said last. */
const BayInterlocks = Type.Object({
  locks: LockSensors,
  /** The truck's high voltage is off. */
  hvOff: Type.Boolean(),
  wheelChock: Type.Boolean(),
  /** In the zone of the gantry. */
  personDetected: Type.Boolean(),
});

/** A bay within the view of its station. Unknown, and what is not for the caller, is null. */
export const BayView = Type.Object({
  id: Type.String(),
  /** Actor state of the bay machine. */
  state: Type.String(),
  bayState: Type.Union([Literals(BAY_STATES), Type.Null()]),
  truckId: S,
  orderId: S,
  /** Of the swap under way. */
  step: S,
  /** As reported: from the first slot along the rack, towards the truck, above the floor [m]. */
  craneXM: N,
  craneYM: N,
  craneZM: N,
  interlocks: Type.Union([BayInterlocks, Type.Null()]),
});
export type BayView = Static<typeof BayView>;
