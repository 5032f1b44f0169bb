import type { OrderDetail } from '@corridor/protocols/http/order-detail';
import type { OrderSummary } from '@corridor/protocols/http/scene';
import { useApp } from '../app-context.ts';
import { useFetched } from '../fetched.ts';

/** What is told of one order alone, in the state that is shown; null: there is no answer to that yet. */
export function useOrderDetail(order: OrderSummary): OrderDetail | null {
  const { orderApi } = useApp();
  const { value } = useFetched(order.id, () => orderApi.detail(order.id), order.state);
  return value?.state === order.state ? value : null;
}
