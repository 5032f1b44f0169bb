import { type Static, Type } from 'typebox';
import { envelope } from '../envelope.ts';
import { IdText } from '../ids.ts';
import { Literals } from '../literals.ts';
import { SWAP_STATES } from '../swap-step.ts';
import { LengthM, MassKg, Nullable } from '../units.ts';

export const BAY_STATES = ['FREE', 'OCCUPIED', 'SWAPPING', 'BLOCKED', 'FAULT'] as const;
const Lock = Type.Union([Type.Literal('LOCKED'), Type.Literal('UNLOCKED'), Type.Literal('UNKNOWN')]);

/** Locks 1 to 4 of the pack on the docked truck; UNKNOWN without a truck. */
export const LockSensors = Type.Object({ l1: Lock, l2: Lock, l3: Lock, l4: Lock }, { additionalProperties: false });

/** `tele.bay`, on change and every second during a swap. */
export const BayTelemetry = envelope('tele.bay', 1, {
  stationId: IdText('station'),
  bayId: IdText('bay'),
  bayState: Literals(BAY_STATES),
  truckId: Nullable(IdText('truck in the bay')),
  step: Nullable(Literals(SWAP_STATES)),
  craneXM: LengthM('along the rack from its first slot'),
  craneYM: LengthM('across, 0 over the rack, positive towards the truck'),
  craneZM: LengthM('height of the gripper above the floor'),
  loadKg: MassKg('on the rope'),
  lockSensors: LockSensors,
  hvOff: Type.Boolean(),
  wheelChock: Type.Boolean(),
  personDetected: Type.Boolean(),
});
export type BayTelemetry = Static<typeof BayTelemetry>;
