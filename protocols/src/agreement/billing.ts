import { type Static, Type } from 'typebox';
import { IdText } from '../ids.ts';
import { FenText, NanoYuanPerKwhText } from '../units.ts';
import { RatedComponent } from './component.ts';

/**
 * How a carrier is charged. Every swap is rated per kWh to each owner first (docs/domain/money.md); a mode other than
 * PER_KWH adds one adjustment line to or from its issuer: what the mode charges less the rated lines that it replaces.
 */
const closed = { additionalProperties: false } as const;
const PositiveFenText = (description: string) => Type.String({ pattern: '^[1-9]\\d{0,17}$', description: `${description} [fen]` });
const issuerId = IdText('principal that sells the offer and bears its risk');
const replaces = Type.Array(RatedComponent, {
  minItems: 1,
  uniqueItems: true,
  description: 'components that the price of the mode includes; the others stay as rated',
});

/** A prepaid quantity with an expiry, bought from the issuer. */
export const PackageOffer = Type.Object(
  {
    id: IdText('offer'),
    name: Type.String({ minLength: 1, maxLength: 120 }),
    unit: Type.Union([Type.Literal('Wh'), Type.Literal('swap')]),
    quantity: Type.Integer({ minimum: 1, maximum: 1_000_000_000_000, description: 'prepaid quantity [Wh or swaps]' }),
    priceFen: PositiveFenText('paid at purchase, tax included'),
    validDays: Type.Integer({ minimum: 1, maximum: 3_660, description: 'expires so many times 24 hours after the purchase' }),
  },
  closed,
);
export type PackageOffer = Static<typeof PackageOffer>;

export const Billing = Type.Union([
  Type.Object({ mode: Type.Literal('PER_KWH') }, closed),
  Type.Object({ mode: Type.Literal('PER_SWAP'), issuerId, replaces, priceFen: FenText('flat, per swap') }, closed),
  Type.Object(
    {
      mode: Type.Literal('PER_KM'),
      issuerId,
      replaces,
      priceNanoYuanPerKm: Type.String({
        pattern: '^(0|[1-9]\\d{0,17})$',
        description: 'by odometer since the swap before [nano-yuan/km]',
      }),
    },
    closed,
  ),
  /** Rent is paid by the month, for each truck by the nominal content of its pack; swaps pay electricity, service and handling. */
  Type.Object(
    { mode: Type.Literal('MONTHLY_RENT'), issuerId, feeNanoYuanPerKwhMonth: NanoYuanPerKwhText('per kWh of nominal content and month') },
    closed,
  ),
  Type.Object({ mode: Type.Literal('PACKAGE'), issuerId, replaces, offers: Type.Array(PackageOffer, { minItems: 1 }) }, closed),
]);
export type Billing = Static<typeof Billing>;
export type BillingMode = Billing['mode'];
export type BillingOf<M extends BillingMode> = Extract<Billing, { mode: M }>;
