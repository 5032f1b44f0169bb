import { assert, violated } from '@corridor/protocols/assert';
import type { PlantBay, PlantState, PlantStation } from './plant-state.ts';

/** Moves of packs. Each keeps both sides of a place in step: the pack knows its place and the place its pack. */

/** From the truck in the bay or from a slot into the gripper. */
export function moveToGantry(state: PlantState, station: PlantStation, bay: PlantBay, packId: string | null): void {
  const pack = packId === null ? undefined : state.packs[packId];
  assert(pack !== undefined, `${bay.id}: nothing to grip`);
  assert(bay.grippedPackId === null, `${bay.id}: the gripper holds ${bay.grippedPackId}`);
  const place = pack.place;
  if (place.kind === 'TRUCK') {
    const truck = state.trucks[place.id];
    assert(truck?.packId === pack.id, `${pack.id} is not on ${place.id}`);
    truck.packId = null;
  } else {
    assert(place.kind === 'SLOT', `${pack.id} hangs in another gripper`);
    const slot = station.slots.find(({ evseId }) => evseId === place.evseId);
    assert(slot?.packId === pack.id, `${pack.id} is not in slot ${place.evseId}`);
    slot.packId = null;
    slot.order = { powerW: 0, untilSocPercent: 0 };
  }
  bay.grippedPackId = pack.id;
  pack.place = { kind: 'GANTRY', bayId: bay.id };
}

export function moveToSlot(state: PlantState, station: PlantStation, bay: PlantBay, evseId: number | null): void {
  const slot = station.slots.find((slot) => slot.evseId === evseId);
  const pack = bay.grippedPackId === null ? undefined : state.packs[bay.grippedPackId];
  assert(slot !== undefined, `${station.id} has no slot ${evseId}`);
  assert(slot.packId === null, `slot ${station.id}-${evseId} holds ${slot.packId}`);
  assert(pack !== undefined, `${bay.id}: the gripper is empty`);
  slot.packId = pack.id;
  slot.order = { powerW: 0, untilSocPercent: 0 };
  bay.grippedPackId = null;
  pack.place = { kind: 'SLOT', stationId: station.id, evseId: slot.evseId };
}

export function moveOntoTruck(state: PlantState, station: PlantStation, bay: PlantBay): void {
  const truck = bay.truckId === null ? undefined : state.trucks[bay.truckId];
  const pack = bay.grippedPackId === null ? undefined : state.packs[bay.grippedPackId];
  assert(truck !== undefined, `${station.id}: no truck in ${bay.id}`);
  assert(truck.packId === null, `${truck.id} carries ${truck.packId}`);
  assert(pack !== undefined, `${bay.id}: the gripper is empty`);
  truck.packId = pack.id;
  bay.grippedPackId = null;
  pack.place = { kind: 'TRUCK', id: truck.id };
}

/** Weight of what the gripper holds, kg. */
export function gripLoadKg(state: PlantState, bay: PlantBay): number {
  return bay.grippedPackId === null ? 0 : (state.packs[bay.grippedPackId] ?? violated(`no pack ${bay.grippedPackId}`)).massKg;
}
