import type { OrderSummary } from '@corridor/protocols/http/scene';
import type { VNode } from 'preact';
import { useApp } from '../app-context.ts';
import { useFetched } from '../fetched.ts';
import { Time } from '../figures.tsx';

/** Until when a price stands, or its pack waits for the truck. */
export function KeptUntil({ order, word }: { order: OrderSummary; word: string }): VNode | null {
  const { orderApi } = useApp();
  const { value } = useFetched(order.id, () => orderApi.detail(order.id), order.state);
  if (value === null || value.state !== order.state || value.keptUntil === null) return null;
  return (
    <div class="driver-line" data-kept-until={value.keptUntil}>
      <span>{word}</span>
      <b class="driver-figure figure">
        <Time at={value.keptUntil} />
      </b>
    </div>
  );
}
