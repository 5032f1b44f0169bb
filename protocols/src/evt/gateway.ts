import { type Static, Type } from 'typebox';
import { envelope } from '../envelope.ts';
import { IdText } from '../ids.ts';
import { Literals } from '../literals.ts';
import { SLOT_STATES } from '../tele/slots.ts';
import { Nullable, SocPercent, SohPercent } from '../units.ts';

/** `evt.gateway.online`: first event of a boot. */
export const GatewayOnline = envelope('evt.gateway.online', 1, {
  firmware: Type.String({ maxLength: 64 }),
  protocol: Type.Literal('evs.v1'),
  journalledEvents: Type.Integer({ minimum: 0, description: 'events in the journal that were not acknowledged yet' }),
  /** Last event journalled before this boot: the twin takes the new boot only once it has that one. */
  previous: Nullable(
    Type.Object({ bootId: Type.Integer({ minimum: 1 }), evtSeq: Type.Integer({ minimum: 0 }) }, { additionalProperties: false }),
  ),
});
export type GatewayOnline = Static<typeof GatewayOnline>;

/** `evt.gateway.offline`: sent before an orderly stop. */
export const GatewayOffline = envelope('evt.gateway.offline', 1, { reason: Type.String({ maxLength: 200 }) });
export type GatewayOffline = Static<typeof GatewayOffline>;

/** `evt.gateway.backfill_begin` and `.backfill_end` enclose what the outage buffer held. */
const backfill = { events: Type.Integer({ minimum: 0 }), telemetry: Type.Integer({ minimum: 0 }) };
export const GatewayBackfillBegin = envelope('evt.gateway.backfill_begin', 1, backfill);
export const GatewayBackfillEnd = envelope('evt.gateway.backfill_end', 1, backfill);

/** `evt.gateway.inventory`: what stands where, after a start and on `inventory.report`. The twin reconciles custody with it. */
export const GatewayInventory = envelope('evt.gateway.inventory', 1, {
  slots: Type.Array(
    Type.Object(
      {
        evseId: Type.Integer({ minimum: 1, maximum: 999 }),
        slotState: Literals(SLOT_STATES),
        packId: Nullable(IdText('pack in the slot')),
        socPercent: Nullable(SocPercent('of the pack')),
        sohPercent: Nullable(SohPercent('of the pack')),
      },
      { additionalProperties: false },
    ),
    { maxItems: 500 },
  ),
});
export type GatewayInventory = Static<typeof GatewayInventory>;

/** `evt.gateway.fault_raised` and `.fault_cleared`: equipment faults are state, from a catalogue. */
const fault = {
  faultId: IdText('one occurrence'),
  code: Type.String({ pattern: '^[A-Z][A-Z0-9_]{2,39}$', description: 'GANTRY_FAULT, CHARGER_DOWN, SMOKE, GRID_LIMIT, BLACKOUT, …' }),
  level: Type.Integer({ minimum: 1, maximum: 3 }),
  scope: Literals(['station', 'slot', 'bay', 'pack', 'gateway']),
  scopeId: IdText('what it concerns'),
  detail: Type.String({ maxLength: 400 }),
};
export const GatewayFaultRaised = envelope('evt.gateway.fault_raised', 1, fault);
export const GatewayFaultCleared = envelope('evt.gateway.fault_cleared', 1, fault);
export type GatewayFaultData = Static<typeof GatewayFaultRaised>['data'];
