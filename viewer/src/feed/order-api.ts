import type { OrderSummary } from '@corridor/protocols/http/scene';
import type { ApiClient } from './api-client.ts';

const path = (orderId: string): string => `/api/v1/orders/${encodeURIComponent(orderId)}`;

/** The twin's routes by which a swap is ordered from the road. */
export class OrderApi {
  private readonly api: ApiClient;

  constructor(api: ApiClient) {
    this.api = api;
  }

  /** Asks what a swap would cost; nothing is reserved or held yet. @throws ApiError of the twin's refusal */
  quote(asked: { stationId: string; truckId: string }): Promise<OrderSummary> {
    return this.api.request('POST', '/api/v1/orders', asked);
  }

  /** Takes the quote: a pack is kept, and the money held. @throws ApiError of the twin's refusal */
  confirm(orderId: string): Promise<OrderSummary> {
    return this.api.request('POST', `${path(orderId)}/confirm`);
  }

  /** @throws ApiError of the twin's refusal */
  cancel(orderId: string): Promise<OrderSummary> {
    return this.api.request('POST', `${path(orderId)}/cancel`);
  }
}
