import { CHARGE_KINDS } from '@corridor/actors/charge/charge';
import { type Static, Type } from 'typebox';

/** `rent:<contract>:<truck>:<month>`, `no-show:<order>`, `overstay:<order>`. */
export const CHARGE_ID_PATTERN = '^[A-Za-z0-9:_-]{1,256}$';
export const ChargeParams = Type.Object({ id: Type.String({ pattern: CHARGE_ID_PATTERN }) });

const N = Type.Union([Type.String(), Type.Null()]);
export const ChargeView = Type.Object({
  id: Type.String(),
  kind: Type.Enum([...CHARGE_KINDS]),
  carrierId: Type.String(),
  truckId: Type.String(),
  stationId: N,
  orderId: N,
  contractId: Type.String(),
  bookedAt: Type.String(),
  basis: Type.Unknown({ description: 'month, days and pack of a rent; instant and stay of a penalty' }),
  lines: Type.Array(
    Type.Object({
      lineNo: Type.Integer({ description: 'of the whole charge, whoever sees which of its lines' }),
      component: Type.String(),
      description: Type.String(),
      amountFen: Type.String(),
      taxRateBasisPoints: Type.Integer(),
      beneficiaryId: Type.String(),
      derivation: Type.String(),
    }),
  ),
  corrections: Type.Array(
    Type.Object({
      id: Type.String(),
      bookedAt: Type.String(),
      reason: Type.String(),
      lines: Type.Array(
        Type.Object({ ofLineNo: Type.Integer(), amountFen: Type.String({ description: 'signed' }), derivation: Type.String() }),
      ),
    }),
    { description: 'what disputes changed afterwards, oldest first; the lines above stay as they were booked' },
  ),
});
export type ChargeView = Static<typeof ChargeView>;
