import type { OrderDetail } from '@corridor/protocols/http/order-detail';
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

  /** One order with until when its pack is kept. */
  detail(orderId: string): Promise<OrderDetail> {
    return this.api.request('GET', path(orderId));
  }

  /**
   * Takes the quote: a pack is kept, and the money held. Asked again, it is done once.
   * @param note why; null: it is the driver's own
   * @throws ApiError of the twin's refusal
   */
  confirm(orderId: string, note: string | null): Promise<OrderSummary> {
    return this.onceDone(orderId, { act: 'confirm', note, isDone: (state) => !BEFORE_HOLD.has(state) });
  }

  /** Asked again, it is done once. @param note why; null: nobody has to know @throws ApiError of the twin's refusal */
  cancel(orderId: string, note: string | null): Promise<OrderSummary> {
    return this.onceDone(orderId, { act: 'cancel', note, isDone: (state) => state === 'CANCELLED' });
  }

  /** The answer to the try before may have been lost: then the order is where it was asked to be. */
  private async onceDone(
    orderId: string,
    { act, note, isDone }: { act: 'confirm' | 'cancel'; note: string | null; isDone: (state: string) => boolean },
  ): Promise<OrderSummary> {
    try {
      return await this.api.request<OrderSummary>('POST', `${path(orderId)}/${act}`, note === null ? {} : { note });
    } catch (error) {
      if (!(error instanceof ApiError) || error.status < 400 || error.status >= 500 || error.signedOut) throw error;
      const order = await this.api.order(orderId);
      if (!isDone(order.state)) throw error;
      return order;
    }
  }
}
