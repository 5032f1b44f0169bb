import type { OrderSummary } from '@corridor/protocols/http/scene';
import type { ApiClient } from './api-client.ts';

/** The twin's routes of money as the money view uses them. Amounts are fen as text. */
export interface Account {
  id: string;
  /** null for accounts of payment rails. */
  principalId: string | null;
  kind: string;
  balanceFen: string;
}
export interface Movement {
  no: string;
  at: string;
  kind: string;
  key: string;
  counterAccountId: string;
  /** Signed: positive came in. */
  amountFen: string;
  orderId: string | null;
}
export interface Payment {
  id: string;
  principalId: string;
  direction: 'TOP_UP' | 'PAYOUT' | 'WITHDRAWAL';
  amountFen: string;
  state: 'DRAFTED' | 'REQUESTED' | 'CONFIRMED' | 'CLOSED' | 'FAILED';
  /** Where it is paid, until it is. */
  cashierUrl: string | null;
  /** That is paid out, or paid in, by it. */
  statementId: string | null;
  requestedBy: string;
  requestedAt: string;
  expiresAt: string | null;
  /** By the provider's clock. */
  paidAt: string | null;
  /** When it was booked, scene time. */
  settledAt: string | null;
  providerRef: string | null;
  detail: string | null;
}
/** Which way payments pass here. */
export interface PaymentRail {
  channel: string;
  /** The most that one top-up is. */
  topUpFenMax: string;
}
/** Where a party is paid out at the provider, and a change of it that is not in force. */
export interface Receiver {
  principalId: string;
  inForce: { account: string; name: string } | null;
  /** `isWaivable`: its cooling time may be. */
  draft: { account: string; name: string; draftedBy: string; inForceFrom: string | null; isWaivable: boolean } | null;
}
export interface Statement {
  id: string;
  principalId: string;
  /** How often one is closed: `D1`, `M1` … */
  period: string;
  from: string;
  until: string;
  payableAt: string;
  state: string;
  /** What is paid for it; negative: carried into the next. */
  totalFen: string;
  contentHash: string;
}
export type StatementForm = 'json' | 'csv' | 'page';
export interface PageOf<T> {
  items: T[];
  nextCursor: string | null;
}
/** What a list is narrowed to; empty texts narrow nothing. Instants are RFC 3339, `until` is not included. */
export type ListFilter = Readonly<Record<string, string>>;

const PAGE_ITEMS = 50;
const ACCOUNTS_PER_PAGE_MAX = 500;

export class MoneyApi {
  private readonly api: ApiClient;

  constructor(api: ApiClient) {
    this.api = api;
  }

  /** All accounts the caller may see. */
  async accounts(): Promise<Account[]> {
    const all: Account[] = [];
    let cursor: string | null = null;
    do {
      const page: PageOf<Account> = await this.api.request('GET', `/api/v1/accounts?${queryOf({}, cursor, ACCOUNTS_PER_PAGE_MAX)}`);
      all.push(...page.items);
      cursor = page.nextCursor;
    } while (cursor !== null);
    return all;
  }

  movements(accountId: string, filter: ListFilter, cursor: string | null): Promise<PageOf<Movement>> {
    return this.api.request('GET', `/api/v1/accounts/${encodeURIComponent(accountId)}/movements?${queryOf(filter, cursor)}`);
  }

  orders(filter: ListFilter, cursor: string | null): Promise<PageOf<OrderSummary>> {
    return this.api.request('GET', `/api/v1/orders?${queryOf(filter, cursor)}`);
  }

  /** @throws ApiError RAIL_NOT_CONFIGURED: nothing can be paid in here */
  rail(): Promise<PaymentRail> {
    return this.api.request('GET', '/api/v1/payments/rail');
  }

  /**
   * Asks for a payment at the rail that the twin has. Sent again with the same key it stays one payment.
   * @throws ApiError of the twin's refusal
   */
  async topUp(asked: { carrierId: string; amountFen: string; key: string }): Promise<Payment> {
    const { channel } = await this.rail();
    return this.api.request('POST', '/api/v1/payments/top-ups', { ...asked, channel });
  }

  statements(cursor: string | null): Promise<PageOf<Statement>> {
    return this.api.request('GET', `/api/v1/statements?${queryOf({}, cursor)}`);
  }

  /** Asks for the payment of a statement that is below zero and due; again, it is the same payment. */
  collect(statementId: string): Promise<Payment> {
    return this.api.request('POST', '/api/v1/payments/collections', { statementId });
  }

  /** A statement as a file to keep. */
  async statementFile(id: string, form: StatementForm, lang: 'zh' | 'en'): Promise<Blob> {
    const path = `/api/v1/statements/${encodeURIComponent(id)}`;
    if (form === 'json') {
      const content = await this.api.request<unknown>('GET', path);
      return new Blob([JSON.stringify(content, null, 2)], { type: 'application/json' });
    }
    const text = await this.api.text(form === 'csv' ? `${path}/csv` : `${path}/page?lang=${lang}`);
    return new Blob([text], { type: form === 'csv' ? 'text/csv;charset=utf-8' : 'text/html;charset=utf-8' });
  }

  payments(filter: ListFilter, cursor: string | null): Promise<PageOf<Payment>> {
    return this.api.request('GET', `/api/v1/payments?${queryOf(filter, cursor)}`);
  }

  /** Pays balance back to a carrier. Sent again with the same key it stays one payment. */
  withdraw(asked: { carrierId: string; amountFen: string; key: string }): Promise<Payment> {
    return this.api.request('POST', '/api/v1/payments/withdrawals', asked);
  }

  /** Decides of a payment back to a carrier that somebody of the platform drafted. */
  decidePayment(id: string, verb: 'approve' | 'refuse'): Promise<Payment> {
    return this.api.request('POST', `/api/v1/payments/${encodeURIComponent(id)}/${verb}`);
  }

  async receivers(): Promise<Receiver[]> {
    return (await this.api.request<{ items: Receiver[] }>('GET', '/api/v1/payments/receivers')).items;
  }

  async draftReceiver(draft: { principalId: string; account: string; name: string }): Promise<void> {
    await this.api.send('PUT', '/api/v1/payments/receivers', '*/*', draft);
  }

  /**
   * @param account that was looked at, so that no other draft is approved
   * @param waiver why a first account is in force at once; null: it cools
   */
  async approveReceiver(principalId: string, account: string, waiver: string | null): Promise<void> {
    const body = waiver === null ? { principalId, account } : { principalId, account, waiver };
    await this.api.send('POST', '/api/v1/payments/receivers/approve', '*/*', body);
  }

  async refuseReceiver(principalId: string): Promise<void> {
    await this.api.send('POST', '/api/v1/payments/receivers/refuse', '*/*', { principalId });
  }

  /** Begins a payment out anew that failed, or what is left of it. */
  retryPayout(id: string): Promise<Payment> {
    return this.api.request('POST', `/api/v1/payments/${encodeURIComponent(id)}/retry`);
  }

  payment(id: string): Promise<Payment> {
    return this.api.request('GET', `/api/v1/payments/${encodeURIComponent(id)}`);
  }
}

/** Query text of a list: its filter, the place where it goes on, and how much is wanted. */
export function queryOf(filter: ListFilter, cursor: string | null, limit = PAGE_ITEMS): string {
  const values = new URLSearchParams({ limit: String(limit) });
  for (const [name, value] of Object.entries(filter)) if (value !== '') values.set(name, value);
  if (cursor !== null) values.set('cursor', cursor);
  return values.toString();
}
