import { positionAt } from '@corridor/actors/road/road-profile';
import type { TruckEventData } from '@corridor/protocols/evt/truck';
import type { PackReading } from '@corridor/protocols/tele/packs';
import type { TruckTelemetry } from '@corridor/protocols/tele/truck';
import { bmsReading } from '../plant/bms-reading.ts';
import type { Plant } from '../plant/plant.ts';
import { type PlantTruck, type TruckMode, tripIdOf } from '../plant/plant-state.ts';
import { grossMassKg } from '../plant/truck-motion.ts';

const VEHICLE_STATE: Record<TruckMode, TruckTelemetry['data']['vehicleState']> = {
  DRIVING: 'DRIVING',
  QUEUEING: 'QUEUEING',
  ENTERING: 'QUEUEING',
  IN_BAY: 'IN_BAY',
  RESTING: 'RESTING',
  LOADING: 'LOADING',
  WAITING: 'PARKED',
  STRANDED: 'STRANDED',
  BROKEN_DOWN: 'STRANDED',
};
/** General alarm bits of the national vehicle message. */
const ALARM_OVER_TEMPERATURE = 1 << 1;
const ALARM_SOC_LOW = 1 << 4;
const SOC_LOW_PERCENT = 10;

const round = (value: number, digits: number) => Number(value.toFixed(digits));

export type TruckReport = { truck: TruckTelemetry['data']; pack: PackReading | null; moving: boolean; silent: boolean };

/** What the T-box of a truck knows now. In a tunnel it has no fix, and nobody hears it. */
export function truckReport(plant: Plant, truckId: string): TruckReport | null {
  const truck = plant.state.trucks[truckId];
  if (!truck) return null;
  const place = positionAt(plant.world.road, truck.chainageM, truck.direction);
  const onBoard = truck.packId === null ? undefined : plant.state.packs[truck.packId];
  const bms = onBoard ? bmsReading(plant.state, onBoard, plant.world.cells) : null;
  const speaking = bms !== null && bms.packId !== '' ? bms : null;
  const fix = !place.tunnel;
  return {
    moving: truck.mode === 'DRIVING',
    silent: place.tunnel,
    pack: speaking ? { ...speaking, location: { kind: 'TRUCK', id: truck.id } } : null,
    truck: {
      truckId: truck.id,
      vin: truck.vin,
      plate: truck.plate,
      lat: fix ? round(place.lat, 6) : null,
      lon: fix ? round(place.lon, 6) : null,
      altM: fix ? round(place.altM, 1) : null,
      chainageM: round(truck.chainageM, 1),
      direction: truck.direction,
      speedKmh: round(truck.speedMps * 3.6, 1),
      headingDeg: fix ? round(place.headingDeg, 1) : null,
      odometerM: Math.round(truck.odometerM),
      vehicleState: VEHICLE_STATE[truck.mode],
      grossMassKg: Math.round(grossMassKg(plant.state, truck)),
      packId: speaking?.packId ?? null,
      socPercent: speaking?.socPercent ?? null,
      socSource: speaking ? 'BMS' : 'NONE',
      packVoltageV: speaking?.voltageV ?? null,
      packCurrentA: speaking?.currentA ?? null,
      motorPowerW: Math.round(truck.motorPowerW),
      auxPowerW: Math.round(truck.auxPowerW),
      ambientC: round(plant.ambientC(place.altM), 1),
      ...alarms(speaking),
      destinationStationId: truck.stationId ?? truck.goal?.stationId ?? null,
      tripId: tripIdOf(truck.id, truck.tripNo),
    },
  };
}

function alarms(bms: { socPercent: number | null; faultCodes: string[] } | null): { alarmBits: number; alarmLevel: number } {
  const hot = bms?.faultCodes.includes('OVER_TEMPERATURE') ?? false;
  const low = bms?.socPercent !== null && bms !== null && bms.socPercent < SOC_LOW_PERCENT;
  return { alarmBits: (hot ? ALARM_OVER_TEMPERATURE : 0) | (low ? ALARM_SOC_LOW : 0), alarmLevel: hot ? 3 : low ? 1 : 0 };
}

/** What an event of the truck carries. */
export function truckEventData(
  plant: Plant,
  truck: PlantTruck,
  { tripId, detail }: { tripId: string; detail: string | null },
): TruckEventData {
  const onBoard = truck.packId === null ? undefined : plant.state.packs[truck.packId];
  const bms = onBoard ? bmsReading(plant.state, onBoard, plant.world.cells) : null;
  return {
    truckId: truck.id,
    tripId,
    direction: truck.direction,
    chainageM: round(truck.chainageM, 1),
    grossMassKg: Math.round(grossMassKg(plant.state, truck)),
    packId: bms && bms.packId !== '' ? bms.packId : null,
    socPercent: bms?.socPercent ?? null,
    detail,
  };
}
