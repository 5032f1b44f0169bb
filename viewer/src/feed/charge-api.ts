import type { ApiClient } from './api-client.ts';
import { type ListFilter, type PageOf, queryOf } from './money-api.ts';

/** What carriers buy ahead and what they owe beside swaps, as the money view uses it. Amounts are fen as text. */
export interface CarrierPackage {
  id: string;
  carrierId: string;
  offerId: string;
  issuerId: string;
  unit: 'Wh' | 'swap';
  /** Left, with what open orders were granted. */
  quantity: string;
  /** Of it, kept for open orders. */
  granted: string;
  /** That belongs to what is left. */
  amountFen: string;
  expiresAt: string;
}
export interface PackageOffer {
  id: string;
  name: string;
  carrierId: string;
  issuerId: string;
  unit: 'Wh' | 'swap';
  quantity: number;
  priceFen: string;
  validDays: number;
}
export interface Packages {
  items: CarrierPackage[];
  offers: PackageOffer[];
}
export const CHARGE_KINDS = ['MONTHLY_RENT', 'NO_SHOW', 'OVERSTAY'] as const;
export interface Charge {
  id: string;
  kind: (typeof CHARGE_KINDS)[number];
  carrierId: string;
  truckId: string;
  stationId: string | null;
  orderId: string | null;
  contractId: string;
  bookedAt: string;
  /** All to who pays; to others the lines that they are paid. */
  lines: {
    lineNo: number;
    component: string;
    description: string;
    amountFen: string;
    taxRateBasisPoints: number;
    beneficiaryId: string;
    derivation: string;
  }[];
  /** What disputes changed of its lines afterwards, oldest first; signed. */
  corrections: {
    id: string;
    bookedAt: string;
    reason: string;
    lines: { ofLineNo: number; amountFen: string; derivation: string }[];
  }[];
}

export class ChargeApi {
  private readonly api: ApiClient;

  constructor(api: ApiClient) {
    this.api = api;
  }

  packages(): Promise<Packages> {
    return this.api.request('GET', '/api/v1/packages');
  }

  /** Buys an offer. Sent again with the same key it is bought once. @throws ApiError of the twin's refusal */
  buy(asked: { carrierId: string; offerId: string; key: string }): Promise<CarrierPackage> {
    return this.api.request('POST', '/api/v1/packages', asked);
  }

  charge(id: string): Promise<Charge> {
    return this.api.request('GET', `/api/v1/charges/${encodeURIComponent(id)}`);
  }

  charges(filter: ListFilter, cursor: string | null): Promise<PageOf<Charge>> {
    return this.api.request('GET', `/api/v1/charges?${queryOf(filter, cursor)}`);
  }
}
