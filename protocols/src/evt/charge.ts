import { type Static, Type } from 'typebox';
import { envelope } from '../envelope.ts';
import { IdText } from '../ids.ts';
import { Literals } from '../literals.ts';
import { Nullable, RegisterWh, SocPercent, SohPercent } from '../units.ts';

export const CHARGE_EVENTS = ['started', 'updated', 'ended'] as const;
export const CHARGE_END_REASONS = ['PACK_PICKED', 'MAX_SOC', 'FAULT', 'STOPPED', 'OTHER'] as const;

const charge = {
  transactionId: IdText('charging transaction, new after each start of the station'),
  evseId: Type.Integer({ minimum: 1, maximum: 999 }),
  packId: IdText('pack'),
  gridRegisterWh: RegisterWh('DC energy into the pack in this transaction that came from the grid, cumulative'),
  pvRegisterWh: RegisterWh('DC energy into the pack in this transaction that came from the PV of the site, cumulative'),
  socPercent: SocPercent('now'),
  sohPercent: SohPercent('now'),
  reason: Nullable(Literals(CHARGE_END_REASONS)),
};

/**
 * `evt.charge.started`, `.updated`, `.ended`: the only source of energy lots. Registers are cumulative within the
 * transaction; the gateway sends `updated` at every tariff boundary and at least every 15 min.
 */
export const chargeEventSchema = (event: (typeof CHARGE_EVENTS)[number]) => envelope(`evt.charge.${event}`, 1, charge);
export const ChargeUpdated = envelope('evt.charge.updated', 1, charge);
export type ChargeEventData = Static<typeof ChargeUpdated>['data'];
