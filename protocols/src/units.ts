import { Type } from 'typebox';

/**
 * Makers of unit-bearing schemas. The unit is in the name of the field and of the maker, base units
 * without prefixes. Every quantity has bounds: a number outside them is refused, never clamped.
 */
const quantity = (unit: string, minimum: number, maximum: number) => (description: string) =>
  Type.Number({ minimum, maximum, description: `${description} [${unit}]` });
const count = (unit: string, minimum: number, maximum: number) => (description: string) =>
  Type.Integer({ minimum, maximum, description: `${description} [${unit}]` });

/** Integer watt-hours, 0 to 10 MWh: content of a pack or energy of one charge. */
export const EnergyWh = count('Wh', 0, 10_000_000);
/** Cumulative register of a meter, integer watt-hours, never decreasing but for an exchange of the meter. */
export const RegisterWh = count('Wh', 0, Number.MAX_SAFE_INTEGER);
/** Watts; positive flows into the pack. */
export const PowerW = quantity('W', -5_000_000, 5_000_000);
export const VoltageV = quantity('V', 0, 2_000);
/** Amperes; positive flows into the pack. */
export const CurrentA = quantity('A', -3_000, 3_000);
export const SocPercent = quantity('%', 0, 100);
export const SohPercent = quantity('%', 0, 100);
export const TempC = quantity('°C', -60, 200);
export const SpeedKmh = quantity('km/h', 0, 150);
export const DistanceM = quantity('m', 0, 10_000_000_000);
export const ChainageM = quantity('m', 0, 10_000_000);
export const AltitudeM = quantity('m', -500, 9_000);
export const LatDeg = quantity('deg WGS-84', -90, 90);
export const LonDeg = quantity('deg WGS-84', -180, 180);
export const HeadingDeg = quantity('deg', 0, 360);
export const MassKg = quantity('kg', 0, 100_000);
export const ResistanceOhm = quantity('Ω', 0, 1_000_000_000);
export const DurationMs = count('ms', 0, 31_536_000_000);
export const SpeedMps = quantity('m/s', 0, 120);
export const LengthM = quantity('m', -1_000, 1_000);

/** Money on the wire: integer fen as text, because JSON numbers are floats. */
export const FenText = (description: string) => Type.String({ pattern: '^-?(0|[1-9]\\d{0,17})$', description: `${description} [fen]` });
/** Price on the wire: integer nano-yuan per kWh as text (0.6523 yuan/kWh = 652300000). */
export const NanoYuanPerKwhText = (description: string) =>
  Type.String({ pattern: '^(0|[1-9]\\d{0,17})$', description: `${description} [nano-yuan/kWh]` });

/** RFC 3339 with milliseconds and an offset; a leap second is sent as the last millisecond before it, as no clock here has one. */
export const Timestamp = (description: string) =>
  Type.String({
    format: 'date-time',
    pattern: ':[0-5]\\d(\\.\\d+)?[Zz+-]',
    maxLength: 35,
    description: `${description} [RFC 3339, no leap second]`,
  });

/** A sensor value that may be unknown: null, never 0. */
export const Nullable = <T extends Parameters<typeof Type.Union>[0][number]>(schema: T) => Type.Union([schema, Type.Null()]);
