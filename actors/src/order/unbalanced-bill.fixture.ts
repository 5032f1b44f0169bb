import { fen } from '../ledger/fen.ts';
import type { OrderContext } from './order.context.ts';

/** Whoever is first gets one fen more than anybody pays. */
export function moreForOne({ rated }: OrderContext): Partial<OrderContext> {
  if (!rated?.ok) throw new Error('the order is not rated');
  const { bill } = rated;
  const shares = bill.shares.map((share, index) => (index === 0 ? { ...share, netFen: fen(share.netFen + 1n) } : share));
  return { rated: { ok: true, bill: { ...bill, shares } } };
}
