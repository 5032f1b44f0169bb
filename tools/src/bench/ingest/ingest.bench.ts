import { assert } from '@corridor/protocols/assert';
import { type Bench, type BenchContext, median } from '../metric.ts';
import type { NetworkSize } from '../workload/large-network.ts';
import { type Pipe, type PipeRig, startPipeRig } from './pipe-run.ts';

/** 50 readings a message. */
const SIZE: NetworkSize = { stations: 20, slotsPerStation: 50, trucks: 60, packs: 1_060 };
const OPEN_LOOP_PER_S = 20_000;

interface Amount {
  rounds: number;
  readings: number;
  warmUp: number;
  openSeconds: number;
}
const WHOLE: Amount = { rounds: 5, readings: 300_000, warmUp: 60_000, openSeconds: 30 };
const SMOKE: Amount = { rounds: 1, readings: 10_000, warmUp: 2_000, openSeconds: 1 };

/** Readings from NATS to committed rows, through the actors and beside the same pipe without them. */
export const ingestBench: Bench = {
  name: 'ingest',
  about: 'readings per second from NATS to committed rows, beside the same pipe without actors',
  async run(context) {
    const amount = context.smoke ? SMOKE : WHOLE;
    context.say(
      `${amount.readings.toLocaleString('en')} readings a round, ${amount.rounds} of each pipe; ${amount.openSeconds} s open loop`,
    );
    await using rig = await startPipeRig(SIZE);
    const rates: Record<Pipe, number[]> = { actors: [], bare: [] };
    for (let round = 1; round <= amount.rounds; round += 1) {
      for (const pipe of round % 2 === 1 ? (['bare', 'actors'] as const) : (['actors', 'bare'] as const)) {
        const { firstAtMs, committedAtMs, readings } = await rig.run(pipe, amount.warmUp, {
          kind: 'closed',
          readings: amount.readings,
          bootId: 0,
        });
        const perS = (readings / (committedAtMs - firstAtMs)) * 1_000;
        rates[pipe].push(perS);
        await assertAllCommitted(rig, readings);
        context.say(`round ${round} ${pipe}: ${Math.round(perS).toLocaleString('en')} readings/s`);
      }
    }
    const actors = median(rates.actors);
    const bare = median(rates.bare);
    context.report({ metric: 'readings_per_s', value: actors, unit: '1/s', goal: 40_000, direction: 'at-least' });
    context.report({ metric: 'ratio_to_bare', value: actors / bare, unit: '1', goal: 0.6, direction: 'at-least' });
    context.report({ case: 'bare', metric: 'readings_per_s', value: bare, unit: '1/s' });
    await reportDelay(rig, context, amount);
  },
};

/** Readings of the last round, the newest boot of the publisher. */
const LAST_ROUND = `
  select ts_event, xmin, boot_id from telemetry_pack
  union all
  select ts_event, xmin, boot_id from telemetry_slot`;

async function assertAllCommitted(rig: PipeRig, readings: number): Promise<void> {
  const [row] = await rig.query<{ rows: string }>(
    `select count(*)::text as rows from (${LAST_ROUND}) r where boot_id = (select max(boot_id) from telemetry_pack)`,
  );
  assert(Number(row?.rows) === readings, `${row?.rows} rows of ${readings} readings`);
}

/** From the time at which a message was due to be sent until the commit of its rows, by the server's own record of commits. */
async function reportDelay(rig: PipeRig, context: BenchContext, amount: Amount): Promise<void> {
  const { readings } = await rig.run('actors', amount.warmUp, {
    kind: 'open',
    readingsPerS: OPEN_LOOP_PER_S,
    seconds: amount.openSeconds,
    bootId: 0,
  });
  await assertAllCommitted(rig, readings);
  const [row] = await rig.query<{ ms: number[] }>(`
    select percentile_disc(array[0.5, 0.99]) within group (
             order by extract(epoch from pg_xact_commit_timestamp(xmin) - ts_event)::float8 * 1000) as ms
      from (${LAST_ROUND}) r where boot_id = (select max(boot_id) from telemetry_pack)`);
  const [p50, p99] = row?.ms ?? [];
  assert(p50 !== undefined && p99 !== undefined, 'no delays');
  context.report({ metric: 'delay_p50_ms', value: p50, unit: 'ms' });
  context.report({ metric: 'delay_p99_ms', value: p99, unit: 'ms' });
}
