import { actorsBench } from './actors/actors.bench.ts';
import { billBench } from './bill/bill.bench.ts';
import { engineBench } from './engine/engine.bench.ts';
import { historyBench } from './history/history.bench.ts';
import { ingestBench } from './ingest/ingest.bench.ts';
import { liveBench } from './live/live.bench.ts';
import type { Bench } from './metric.ts';
import { reclearBench } from './reclear/reclear.bench.ts';
import { recommendBench } from './recommend/recommend.bench.ts';
import { settleBench } from './settle/settle.bench.ts';
import { simBench } from './sim/sim.bench.ts';
import { viewerBench } from './viewer/viewer.bench.ts';

/** Every benchmark of the product, in the order in which `npm run bench` runs them. */
export const benches: readonly Bench[] = [
  ingestBench,
  liveBench,
  billBench,
  settleBench,
  reclearBench,
  actorsBench,
  engineBench,
  simBench,
  recommendBench,
  historyBench,
  viewerBench,
];
