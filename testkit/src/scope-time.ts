import type { LiveTwin } from '@corridor/twin/live-twin';
import { until } from './until.ts';

/**
 * Lets the scope reach an instant in all that the twin does, not on its clock alone: while nobody knows what the stream holds, after
 * a start or a stall of this process, the writer's time stands still.
 * @param atMs scope time; the clock gets there by itself or was told to
 */
export async function reachScopeTime({ core, writer }: LiveTwin, atMs: number): Promise<void> {
  await until('the time of the scope', 60_000, async () => {
    // An input that does nothing takes time along, behind all that waits and with every timer that is due until then.
    await writer.ask({ type: 'settlement.progress', paidStatementIds: [], settledOrderIds: [] }, 'test');
    return core.network.nowMs >= atMs ? true : null;
  });
}
