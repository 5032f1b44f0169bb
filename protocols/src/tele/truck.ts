import { type Static, Type } from 'typebox';
import { envelope } from '../envelope.ts';
import { IdText } from '../ids.ts';
import { Literals } from '../literals.ts';
import {
  AltitudeM,
  ChainageM,
  CurrentA,
  DistanceM,
  HeadingDeg,
  LatDeg,
  LonDeg,
  MassKg,
  Nullable,
  PowerW,
  SocPercent,
  SpeedKmh,
  TempC,
  VoltageV,
} from '../units.ts';

export const VEHICLE_STATES = ['DRIVING', 'QUEUEING', 'IN_BAY', 'RESTING', 'LOADING', 'PARKED', 'STRANDED'] as const;
export const SOC_SOURCES = ['BMS', 'TRUCK', 'INTERPOLATED', 'NONE'] as const;
export const DIRECTIONS = ['WEST', 'EAST'] as const;

/** `tele.truck`, every 10 s moving, 60 s parked. */
export const TruckTelemetry = envelope('tele.truck', 1, {
  truckId: IdText('truck'),
  vin: Nullable(Type.String({ maxLength: 17 })),
  plate: Nullable(Type.String({ maxLength: 16 })),
  lat: Nullable(LatDeg('latitude')),
  lon: Nullable(LonDeg('longitude')),
  altM: Nullable(AltitudeM('altitude')),
  chainageM: Nullable(ChainageM('along the corridor from its port end')),
  direction: Nullable(Literals(DIRECTIONS)),
  speedKmh: Nullable(SpeedKmh('speed')),
  headingDeg: Nullable(HeadingDeg('course over ground')),
  odometerM: Nullable(DistanceM('odometer')),
  vehicleState: Literals(VEHICLE_STATES),
  grossMassKg: Nullable(MassKg('tractor, trailer, pack and load')),
  packId: Nullable(IdText('pack on board')),
  socPercent: Nullable(SocPercent('of the pack on board')),
  socSource: Literals(SOC_SOURCES),
  packVoltageV: Nullable(VoltageV('pack')),
  packCurrentA: Nullable(CurrentA('into the pack')),
  motorPowerW: Nullable(PowerW('at the battery; positive drives')),
  auxPowerW: Nullable(PowerW('auxiliaries')),
  ambientC: Nullable(TempC('ambient')),
  alarmBits: Type.Integer({ minimum: 0, maximum: 0xffff_ffff, description: 'general alarm bits of the national vehicle message' }),
  alarmLevel: Type.Integer({ minimum: 0, maximum: 3 }),
  destinationStationId: Nullable(IdText('station the truck is heading for')),
  tripId: Nullable(IdText('trip')),
});
export type TruckTelemetry = Static<typeof TruckTelemetry>;
