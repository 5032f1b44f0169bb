import { setTimeout as sleep } from 'node:timers/promises';

const DAY_MS = 86_400_000;
/** Asia/Shanghai, which has no summer time. */
const OFFSET_MS = 8 * 3_600_000;
/** Most tests are through within this. */
const NEAR_MS = 90_000;

/**
 * Waits when the day ends so soon that a test would see both sides of midnight: there months begin, periods close, and the payment
 * rail begins another bill.
 */
export async function clearOfMidnight(): Promise<void> {
  const leftMs = DAY_MS - ((Date.now() + OFFSET_MS) % DAY_MS);
  if (leftMs < NEAR_MS) await sleep(leftMs + 100);
}
