import { createHash } from 'node:crypto';

/** Numbers at the rail have at most 32 characters, our ids more: the number is derived from the id, so that it is the same each time. */
export const tradeNumberOf = (paymentId: string): string => createHash('sha256').update(paymentId, 'utf8').digest('hex').slice(0, 32);

/** Number of one part of a payout. @param partNo 1 and up */
export const shareNumberOf = (paymentId: string, partNo: number): string => tradeNumberOf(`${paymentId}#${partNo}`);
