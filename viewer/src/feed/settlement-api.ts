import type { OrderSummary } from '@corridor/protocols/http/scene';
import { type ApiClient, ApiError } from './api-client.ts';
import { type ListFilter, type PageOf, queryOf, type Statement } from './money-api.ts';

/** Shares, statements, disputes and what the platform looks after, as the money view uses them. Amounts are fen as text. */
export interface ClearingShare {
  orderId: string;
  /** null: the share in the bill itself. */
  correctionId: string | null;
  principalId: string;
  role: string;
  stationId: string;
  at: string;
  grossFen: string;
  commissionFen: string;
  netFen: string;
  lines: { lineNo: number; component: string; amountFen: string; taxRateBasisPoints: number }[];
}
export interface StatementContent {
  orders: { orderId: string; at: string; stationId: string; role: string; grossFen: string; commissionFen: string; netFen: string }[];
  corrections: {
    correctionId: string;
    /** null: of a charge. */
    orderId: string | null;
    /** null, or missing in older statements: of an order. */
    chargeId?: string | null;
    at: string;
    cause: string;
    reason: string;
    netFen: string;
  }[];
  others: { key: string; kind: string; at: string; amountFen: string }[];
  splits: { ruleNo: number; kind: string; partnerId: string; amountFen: string; derivation: string }[];
  received: { statementId: string; ruleNo: number; principalId: string; kind: string; amountFen: string; derivation: string }[];
  taxes: { component: string; rateBasisPoints: number; amountFen: string; taxFen: string }[];
  totals: Record<'ordersFen' | 'correctionsFen' | 'othersFen' | 'splitsFen' | 'receivedFen' | 'carriedInFen' | 'totalFen', string>;
}
export type FullStatement = Statement & { content: StatementContent };
/** The bill that is objected to: of an order, or a charge beside swaps. */
export type DisputedBill = { orderId: string; chargeId: null } | { orderId: null; chargeId: string };
export type Dispute = DisputedBill & {
  id: string;
  principalId: string;
  reason: string;
  state: 'OPEN' | 'UPHELD' | 'DISMISSED' | 'WITHDRAWN';
  evidence: { text: string; by: string; at: string }[];
  raisedAt: string;
  raisedBy: string;
  decidedAt: string | null;
  decidedBy: string | null;
  decision: string | null;
};
export type Decision =
  | { outcome: 'DISMISSED'; decision: string }
  | { outcome: 'UPHELD'; decision: string; changes: { lineNo: number; deltaFen: string }[] };
export const AGREEMENT_PATHS = ['tariffs', 'station-rates', 'battery-rates', 'contracts'] as const;
export interface Draft {
  id: string;
  path: (typeof AGREEMENT_PATHS)[number];
  draftedAt: string;
}
export interface Rerating {
  id: string;
  from: string;
  until: string;
  state: 'RUNNING' | 'DONE' | 'FAILED';
  done: number;
  total: number | null;
  /** What could not be rated again, and is in no row. */
  leftOut: { kind: string; reason: string; count: number }[];
  rows: RerateRow[];
}
export interface RerateRow {
  kind: 'PARTY' | 'STATION' | 'TRUCK';
  id: string;
  orders: number;
  beforeFen: string;
  afterFen: string;
  /** Of a party what it gains; of a station or truck what is paid more. */
  differenceFen: string;
}
export interface Reconciliation {
  channel: string;
  billDate: string;
  comparedAt: string;
  billRows: number;
  billNetFen: string;
  bookedNetFen: string;
  differences: {
    kind: string;
    number: string;
    paymentId: string | null;
    oursFen: string | null;
    theirsFen: string | null;
    detail: string;
  }[];
}
export interface AbnormalOrder {
  order: OrderSummary;
  reason: string;
  cause: string;
  causeZh: string;
  remedy: string;
  remedyZh: string;
  transfers: { key: string; kind: string; debitAccountId: string; creditAccountId: string; amountFen: string; at: string }[];
  packReadings: { packId: string; at: string; place: string; socPercent: number | null }[];
  acts: { at: string; by: string; action: string; detail: unknown }[];
}
export interface PackReading {
  packId: string;
  socPercent: number;
}
/** What a person found out; what is left out stays as the station told it. */
export interface Measured {
  in?: PackReading;
  out?: PackReading | 'NONE';
}

const path = (name: string): string => encodeURIComponent(name);
const DRAFTS_MAX = 50;

export class SettlementApi {
  private readonly api: ApiClient;

  constructor(api: ApiClient) {
    this.api = api;
  }

  clearing(filter: ListFilter, cursor: string | null): Promise<PageOf<ClearingShare>> {
    return this.api.request('GET', `/api/v1/clearing?${queryOf(filter, cursor)}`);
  }

  statement(id: string): Promise<FullStatement> {
    return this.api.request('GET', `/api/v1/statements/${path(id)}`);
  }

  disputes(filter: ListFilter, cursor: string | null): Promise<PageOf<Dispute>> {
    return this.api.request('GET', `/api/v1/disputes?${queryOf(filter, cursor)}`);
  }

  raiseDispute({ orderId, chargeId }: DisputedBill, asked: { reason: string; evidence?: string; principalId?: string }): Promise<Dispute> {
    const bill = chargeId === null ? `orders/${path(orderId)}` : `charges/${path(chargeId)}`;
    return this.api.request('POST', `/api/v1/${bill}/dispute`, asked);
  }

  addEvidence(disputeId: string, text: string): Promise<Dispute> {
    return this.api.request('POST', `/api/v1/disputes/${path(disputeId)}/evidence`, { text });
  }

  withdrawDispute(disputeId: string): Promise<Dispute> {
    return this.api.request('POST', `/api/v1/disputes/${path(disputeId)}/withdraw`);
  }

  decideDispute(disputeId: string, decision: Decision): Promise<Dispute> {
    return this.api.request('POST', `/api/v1/disputes/${path(disputeId)}/decision`, decision);
  }

  /** Drafts of what prices are made of, each kind's newest page. */
  async drafts(): Promise<Draft[]> {
    const found = await Promise.all(
      AGREEMENT_PATHS.map(async (kind) => {
        const page = await this.api.request<PageOf<{ id: string; draftedAt: string }>>(
          'GET',
          `/api/v1/${kind}?${queryOf({ state: 'DRAFT' }, null, DRAFTS_MAX)}`,
        );
        return page.items.map(({ id, draftedAt }) => ({ id, draftedAt, path: kind }));
      }),
    );
    return found.flat();
  }

  beginRerating(drafts: readonly Draft[], from: string, until: string): Promise<Rerating> {
    const idsOf = (contracts: boolean) => drafts.filter((draft) => (draft.path === 'contracts') === contracts).map(({ id }) => id);
    return this.api.request('POST', '/api/v1/re-ratings', {
      draftTariffIds: idsOf(false),
      draftContractIds: idsOf(true),
      from,
      until,
    });
  }

  rerating(id: string): Promise<Rerating> {
    return this.api.request('GET', `/api/v1/re-ratings/${path(id)}`);
  }

  /** @returns null when the day was not compared yet */
  async reconciliation(localDay: string): Promise<Reconciliation | null> {
    try {
      return await this.api.request<Reconciliation>('GET', `/api/v1/payments/reconciliations/${path(localDay)}`);
    } catch (error) {
      if (error instanceof ApiError && error.status === 404) return null;
      throw error;
    }
  }

  reconcile(localDay: string): Promise<Reconciliation> {
    return this.api.request('POST', `/api/v1/payments/reconciliations/${path(localDay)}`);
  }

  abnormal(orderId: string): Promise<AbnormalOrder> {
    return this.api.request('GET', `/api/v1/orders/${path(orderId)}/abnormal`);
  }

  repair(orderId: string, note: string, measured: Measured | null): Promise<OrderSummary> {
    return this.api.request('POST', `/api/v1/orders/${path(orderId)}/repair`, measured === null ? { note } : { note, measured });
  }

  writeOff(orderId: string, note: string): Promise<OrderSummary> {
    return this.api.request('POST', `/api/v1/orders/${path(orderId)}/write-off`, { note });
  }
}
