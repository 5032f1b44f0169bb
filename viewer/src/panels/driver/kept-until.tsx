import type { OrderDetail } from '@corridor/protocols/http/order-detail';
import type { VNode } from 'preact';
import { Time } from '../figures.tsx';

/** Until when a price stands, or its pack waits for the truck. */
export function KeptUntil({ detail, word }: { detail: OrderDetail | null; word: string }): VNode | null {
  if (detail === null || detail.keptUntil === null) return null;
  return (
    <div class="driver-line" data-kept-until={detail.keptUntil}>
      <span>{word}</span>
      <b class="driver-figure figure">
        <Time at={detail.keptUntil} />
      </b>
    </div>
  );
}
