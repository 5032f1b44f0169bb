import type { QuotedSoc } from '@corridor/protocols/http/order-detail';
import type { OrderContext } from './order.context.ts';

/** Which SOC of the returned pack a quote was made with, and the one that the truck reported then; null: no leg was quoted. */
export function quotedSocOf({ quotedIn, packSocPercent, arrivalSocPercent, truck }: OrderContext): QuotedSoc | null {
  if (quotedIn === null) return null;
  const basis = packSocPercent !== null ? 'READ' : arrivalSocPercent === undefined ? 'REPORTED' : 'ARRIVAL';
  return { basis, percent: quotedIn.socPercent, reportedPercent: truck?.socPercent ?? null };
}
