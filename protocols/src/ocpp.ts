import { type Static, Type } from 'typebox';
import { Literals } from './literals.ts';
import { EnergyWh, Nullable, SocPercent, SohPercent, TempC, Timestamp } from './units.ts';

/**
 * What we borrow from OCPP 2.1 block S (battery swap), with its spelling: `soC`, `soH`, `evseId`, `serialNumber`.
 * `conformance/ocpp21` holds the official schemas; a test checks that our messages satisfy them.
 */
export const ID_TOKEN_TYPES = [
  'Central',
  'DirectPayment',
  'eMAID',
  'EVCCID',
  'ISO14443',
  'ISO15693',
  'KeyCode',
  'Local',
  'MacAddress',
  'NoAuthorization',
  'VIN',
] as const;

export const IdToken = Type.Object(
  {
    idToken: Type.String({ maxLength: 255, description: 'case-insensitive identity the swap is done for' }),
    type: Literals(ID_TOKEN_TYPES),
  },
  { additionalProperties: false },
);
export type IdToken = Static<typeof IdToken>;

export const StatusInfo = Type.Object(
  {
    reasonCode: Type.String({ minLength: 1, maxLength: 40, description: 'stable code, as in section 8 of the introduction' }),
    additionalInfo: Type.Optional(Type.String({ maxLength: 1024 })),
  },
  { additionalProperties: false },
);
export type StatusInfo = Static<typeof StatusInfo>;

/** OCPP BatteryDataType plus what billing needs. */
export const BatteryData = Type.Object(
  {
    evseId: Type.Integer({ minimum: 1, maximum: 999, description: 'slot number at the station' }),
    serialNumber: Type.String({ pattern: '^[A-Za-z0-9_-]{1,50}$', description: 'serial number as read from the pack: its packId' }),
    soC: SocPercent('state of charge as the BMS reports it'),
    soH: SohPercent('state of health as the BMS reports it'),
    productionDate: Type.Optional(Timestamp('production date')),
    vendorInfo: Type.Optional(Type.String({ maxLength: 500 })),
    energyWh: Type.Optional(EnergyWh('energy content the station computes; informative, the twin computes its own')),
    throughputWh: Type.Optional(Type.Integer({ minimum: 0, description: 'lifetime discharge throughput [Wh]' })),
    cellTmaxC: Type.Optional(Nullable(TempC('hottest cell'))),
  },
  { additionalProperties: false },
);
export type BatteryData = Static<typeof BatteryData>;
export const BatteryDataList = Type.Array(BatteryData, { minItems: 1, maxItems: 4 });
/** `requestId` of one swap. Odd numbers are given by the station (local initiation), even ones by the platform (remote). */
export const RequestId = Type.Integer({ minimum: 1, maximum: 2_147_483_647, description: 'number both sides repeat during one swap' });
