import { type Static, Type } from 'typebox';
import { envelope } from '../envelope.ts';
import { IdText } from '../ids.ts';
import { Literals } from '../literals.ts';
import { CurrentA, EnergyWh, Nullable, PowerW, ResistanceOhm, SocPercent, SohPercent, TempC, VoltageV } from '../units.ts';

export const PACK_LOCATIONS = ['TRUCK', 'SLOT', 'TRANSFER', 'STORE'] as const;
export const PackLocation = Type.Object(
  { kind: Literals(PACK_LOCATIONS), id: IdText('truck, slot, bay or store') },
  { additionalProperties: false },
);

const fields = {
  packId: IdText('serial number of the pack'),
  typeCode: IdText('catalogue type, for example LFP350'),
  location: PackLocation,
  socPercent: Nullable(SocPercent('state of charge')),
  sohPercent: Nullable(SohPercent('state of health')),
  energyWh: Nullable(EnergyWh('energy content as the BMS computes it')),
  voltageV: Nullable(VoltageV('pack')),
  currentA: Nullable(CurrentA('into the pack')),
  powerW: Nullable(PowerW('into the pack')),
  cellVmaxV: Nullable(VoltageV('highest cell')),
  cellVminV: Nullable(VoltageV('lowest cell')),
  cellTmaxC: Nullable(TempC('hottest cell')),
  cellTminC: Nullable(TempC('coldest cell')),
  insulationOhm: Nullable(ResistanceOhm('insulation')),
  contactor: Type.Union([Type.Literal('OPEN'), Type.Literal('CLOSED')]),
  cycles: Type.Number({ minimum: 0, maximum: 100_000, description: 'equivalent full cycles' }),
  throughputWh: Type.Integer({ minimum: 0, description: 'lifetime discharge throughput [Wh]' }),
  faultCodes: Type.Array(Type.String({ maxLength: 40 }), { maxItems: 32 }),
};
/** One pack: one reading, one row. */
export const PackReading = Type.Object(fields, { additionalProperties: false });
export type PackReading = Static<typeof PackReading>;

/** `tele.packs` of a station, every 10 s active, 60 s idle. */
export const PacksTelemetry = envelope('tele.packs', 1, {
  stationId: IdText('station'),
  packs: Type.Array(PackReading, { maxItems: 500 }),
});
export type PacksTelemetry = Static<typeof PacksTelemetry>;

/** `tele.pack` of a truck: the pack it carries. */
export const TruckPackTelemetry = envelope('tele.pack', 1, fields);
export type TruckPackTelemetry = Static<typeof TruckPackTelemetry>;
