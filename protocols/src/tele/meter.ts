import { type Static, Type } from 'typebox';
import { envelope } from '../envelope.ts';
import { IdText } from '../ids.ts';
import { Literals } from '../literals.ts';
import { PowerW, RegisterWh } from '../units.ts';

export const METER_KINDS = ['GRID', 'PV', 'STATION_AUX', 'CHARGER'] as const;
export const MeterReading = Type.Object(
  {
    meterId: IdText('meter'),
    kind: Literals(METER_KINDS),
    importWh: RegisterWh('drawn'),
    exportWh: RegisterWh('fed in'),
    powerW: PowerW('drawn positive'),
  },
  { additionalProperties: false },
);
export type MeterReading = Static<typeof MeterReading>;

/** `tele.meter`: registers of the station's meters, power every 10 s. */
export const MeterTelemetry = envelope('tele.meter', 1, {
  stationId: IdText('station'),
  meters: Type.Array(MeterReading, { maxItems: 100 }),
});
export type MeterTelemetry = Static<typeof MeterTelemetry>;

/** `tele.pv`, every 60 s. */
export const PvTelemetry = envelope('tele.pv', 1, {
  stationId: IdText('station'),
  powerW: PowerW('produced'),
  energyWh: RegisterWh('produced since commissioning'),
});
export type PvTelemetry = Static<typeof PvTelemetry>;
