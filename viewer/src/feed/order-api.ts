import type { OrderSummary } from '@corridor/protocols/http/scene';
import { type ApiClient, ApiError } from './api-client.ts';

const path = (orderId: string): string => `/api/v1/orders/${encodeURIComponent(orderId)}`;
const BEFORE_HOLD: ReadonlySet<string> = new Set(['CREATED', 'QUOTED', 'REJECTED', 'CANCELLED']);

/** The twin's routes by which a swap is ordered from the road. */
export class OrderApi {
  private readonly api: ApiClient;

  constructor(api: ApiClient) {
    this.api = api;
  }

  /**
   * Asks what a swap would cost; a pack is kept while the quote stands, and nothing is held yet.
   * @param asked.key sent again with the same one, it stays one order
   * @throws ApiError of the twin's refusal
   */
  quote(asked: { stationId: string; truckId: string; key: string }): Promise<OrderSummary> {
    return this.api.request('POST', '/api/v1/orders', asked);
  }

  /** Takes the quote: a pack is kept, and the money held. Asked again, it is done once. @throws ApiError of the twin's refusal */
  confirm(orderId: string): Promise<OrderSummary> {
    return this.onceDone(orderId, 'confirm', (state) => !BEFORE_HOLD.has(state));
  }

  /** Asked again, it is done once. @throws ApiError of the twin's refusal */
  cancel(orderId: string): Promise<OrderSummary> {
    return this.onceDone(orderId, 'cancel', (state) => state === 'CANCELLED');
  }

  /** The answer to the try before may have been lost: then the order is where it was asked to be. */
  private async onceDone(orderId: string, act: 'confirm' | 'cancel', isDone: (state: string) => boolean): Promise<OrderSummary> {
    try {
      return await this.api.request<OrderSummary>('POST', `${path(orderId)}/${act}`);
    } catch (error) {
      if (!(error instanceof ApiError) || error.status < 400 || error.status >= 500 || error.signedOut) throw error;
      const order = await this.api.order(orderId);
      if (!isDone(order.state)) throw error;
      return order;
    }
  }
}
