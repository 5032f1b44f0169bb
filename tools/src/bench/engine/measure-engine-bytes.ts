import type { EngineName } from '@corridor/actors/network/engines';
import { Network } from '@corridor/actors/network/network';
import { ReferenceStore } from '@corridor/actors/network/reference-store';
import { registrationsOf } from '@corridor/actors/network/registration';
import { SignalTable } from '@corridor/actors/network/signal-table';
import { assert } from '@corridor/protocols/assert';
import { BEGIN_MS } from '../actors/crowd.ts';
import { largeNetwork, mixedSize } from '../workload/large-network.ts';

/** A process of its own, with `--expose-gc`, an engine, `awake` or `asleep`, and the number of twins. */
export interface EngineBytesMeasured {
  actors: number;
  /** Of the network of actors without what it knows of them: definitions and signals. */
  bytes: number;
}

const REQUIRED_WH = 150_000;

function settledBytes(): number {
  assert(globalThis.gc !== undefined, 'needs --expose-gc');
  for (let round = 0; round < 4; round += 1) globalThis.gc();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

function networkOf(engine: EngineName, isAwake: boolean, twins: number) {
  const reference = ReferenceStore.of(largeNetwork(mixedSize(twins)), () => REQUIRED_WH);
  const surroundings = { reference, signals: new SignalTable({ reference }) };
  const before = settledBytes();
  const awakeMax = isAwake ? Number.POSITIVE_INFINITY : 1;
  const network = new Network({ surroundings, nowMs: BEGIN_MS, engine, awakeMax });
  network.register(...registrationsOf({ reference }));
  network.drain();
  return { network, bytes: settledBytes() - before };
}

const [, , engine = '', sleeps = '', twins = ''] = process.argv;
assert(engine === 'xstate' || engine === 'compiled', `no engine "${engine}"`);
const isAwake = sleeps === 'awake';
networkOf(engine, isAwake, 200);
const { network, bytes } = networkOf(engine, isAwake, Number(twins));
const measured: EngineBytesMeasured = { actors: network.size, bytes };
process.send?.(measured, () => process.exit(0));
