import { type Static, Type } from 'typebox';
import { envelope } from '../envelope.ts';
import { IdText } from '../ids.ts';
import { Literals } from '../literals.ts';
import { CurrentA, Nullable, PowerW, RegisterWh, TempC, VoltageV } from '../units.ts';

export const SLOT_STATES = ['EMPTY', 'HOLDS_PACK', 'UNAVAILABLE'] as const;
export const CHARGING_STATES = ['IDLE', 'CONNECTED', 'CHARGING', 'SUSPENDED', 'FAULT'] as const;

/** One slot (a charging bay of the rack): one reading, one row. */
export const SlotReading = Type.Object(
  {
    evseId: Type.Integer({ minimum: 1, maximum: 999 }),
    slotState: Literals(SLOT_STATES),
    packId: Nullable(IdText('pack in the slot')),
    chargingState: Literals(CHARGING_STATES),
    setpointW: PowerW('set-point of the charger'),
    powerW: PowerW('into the pack'),
    voltageV: Nullable(VoltageV('DC')),
    currentA: Nullable(CurrentA('DC into the pack')),
    meterWh: RegisterWh('DC register of the charger'),
    plugTempC: Nullable(TempC('plug')),
    smoke: Type.Boolean(),
    doorOpen: Type.Boolean(),
  },
  { additionalProperties: false },
);
export type SlotReading = Static<typeof SlotReading>;

/** `tele.slots`, every 10 s and on change: all slots of a station in one message. */
export const SlotsTelemetry = envelope('tele.slots', 1, {
  stationId: IdText('station'),
  slots: Type.Array(SlotReading, { maxItems: 500 }),
});
export type SlotsTelemetry = Static<typeof SlotsTelemetry>;
