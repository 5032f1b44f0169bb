import { Type } from 'typebox';

/** Why an order is refused before the swap (the eleven checks), in the order of the checks. */
export const AUTHORISATION_REASONS = [
  'DRIVER_NOT_CERTIFIED',
  'TOKEN_INVALID',
  'DRIVER_TRUCK_MISMATCH',
  'TRUCK_NOT_REGISTERED',
  'PLATE_RFID_MISMATCH',
  'NO_CREDIT',
  'PACK_CUSTODY_MISMATCH',
  'BATTERY_UNKNOWN',
  'BATTERY_TYPE',
  'NETWORK_NOT_ALLOWED',
  'NO_BATTERY_AVAILABLE',
  'RANGE_INSUFFICIENT',
  'CONCURRENT_ORDER',
  'STATION_NOT_OPERATIVE',
  'TARIFF_MISSING',
  'ODOMETER_MISSING',
  'QUOTE_EXPIRED',
] as const;

/** Why a station's interlock forbids a swap or freezes motion. */
export const INTERLOCKS = [
  'INTERLOCK_ESTOP',
  'INTERLOCK_FIRE',
  'INTERLOCK_PERSON_IN_ZONE',
  'INTERLOCK_POWER_LOSS',
  'INTERLOCK_POSITION_SENSOR',
  'INTERLOCK_WIND',
  'INTERLOCK_HV_NOT_OFF',
  'INTERLOCK_PARKING',
] as const;

/** Why an order is abnormal after the swap began. `SWAP_ABORTED_<STEP>` is open-ended by step. */
export const ABNORMAL_REASONS = [
  'BATTERY_OUT_TIMEOUT',
  'BATTERY_IN_MISSING',
  'SOC_JUMP',
  'METER_MISMATCH',
  'GATEWAY_OFFLINE_BACKFILLED',
  'DUPLICATE_REPORT',
  'PAYMENT_CAPTURE_FAILED',
  'TARIFF_MISSING',
  'ODOMETER_MISSING',
  'CLEARING_UNBALANCED',
  'NOT_AUTHORIZED',
  'TRUCK_CHANGED',
  'PACK_CUSTODY_MISMATCH',
  'BATTERY_UNKNOWN',
  'WRONG_PACK_ISSUED',
  'SWAP_FAILED',
  'SWAP_LOST',
] as const;

/** What a station itself gives as its reason when it refuses, suspends or ends a swap, or refuses a command. */
export const STATION_REASONS = [
  'PLATFORM_UNREACHABLE',
  'IDENTIFICATION_FAILED',
  'TRUCK_LEFT',
  'TRUCK_MOVED',
  'NO_EMPTY_SLOT',
  'POSITION_OUT_OF_TOLERANCE',
  'NOT_SAFE',
  'LOCK_STUCK',
  'LOCK_NOT_CONFIRMED',
  'LIFT_FAILED',
  'PATH_BLOCKED',
  'SEATING_FAILED',
  'SELF_CHECK_FAILED',
  'GANTRY_FAULT',
  'TIMEOUT_IN',
  'NO_HANDSHAKE',
  'PACK_HOT',
  'SMOKE',
  'PLATFORM_ABORT',
  'LOCAL_ABORT',
  'GIVEN_UP',
  'LOCAL_CONFIRMATION_REQUIRED',
  'SWAP_NOT_WAITING',
  'SWAP_BEYOND_ABORT',
  'BAY_NOT_AVAILABLE',
  'COMMAND_INVALID',
  'COMMAND_EXPIRED',
  'COMMAND_SUPERSEDED',
  'COMMAND_UNKNOWN',
  'EVSE_UNKNOWN',
  'SLOT_IN_USE',
  'SLOT_EMPTY',
  'VALUE_OUT_OF_RANGE',
] as const;

export type StationReason = (typeof STATION_REASONS)[number];
export type AuthorisationReason = (typeof AUTHORISATION_REASONS)[number];
export type Interlock = (typeof INTERLOCKS)[number];
export type AbnormalReason = (typeof ABNORMAL_REASONS)[number] | `SWAP_ABORTED_${string}`;

export const ReasonCode = Type.String({ pattern: '^[A-Z][A-Z0-9_]{2,39}$', description: 'stable reason code' });
