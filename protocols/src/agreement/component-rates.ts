import { type Static, Type } from 'typebox';

const closed = { additionalProperties: false } as const;
const BasisPoints = (description: string) =>
  Type.Integer({ minimum: 0, maximum: 10_000, description: `${description} [basis points, 10,000 = 100 %]` });

/** VAT contained in each component: amounts include tax, so a rate is stated on a line and never added. */
export const TaxRates = Type.Object(
  {
    ELECTRICITY: BasisPoints('goods'),
    SERVICE: BasisPoints('service'),
    BATTERY_RENT: BasisPoints('lease of movable property'),
    SWAP_HANDLING: BasisPoints('service'),
    MODE_ADJUSTMENT: BasisPoints('service of the issuer of the offer'),
    INCENTIVE: BasisPoints('discount'),
    /** Also of its waiver. */
    PENALTY: BasisPoints('penalty'),
  },
  closed,
);
export type TaxRates = Static<typeof TaxRates>;

/** Platform's commission of what each component pays to its recipient; none is taken of adjustments and incentives. */
export const CommissionRates = Type.Object(
  {
    ELECTRICITY: BasisPoints('of electricity'),
    SERVICE: BasisPoints('of service'),
    BATTERY_RENT: BasisPoints('of rent'),
    SWAP_HANDLING: BasisPoints('of handling'),
    PENALTY: BasisPoints('of a penalty less its waiver'),
  },
  closed,
);
export type CommissionRates = Static<typeof CommissionRates>;
