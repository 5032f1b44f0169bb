import { assert } from '@corridor/protocols/assert';
import { largeNetwork, mixedSize } from '../workload/large-network.ts';
import { readOnce, registeredCrowd } from './crowd.ts';

/**
 * A process of its own, with `--expose-gc` and the number of twins; sends its figures to whoever started it. What the twins, their signals and the index of their definitions
 * take, after a full collection. The definitions themselves are counted beside it, in `referenceBytes`.
 */
export interface BytesMeasured {
  twins: number;
  readings: number;
  /** Actors: a truck has one for its T-box, a station has some of its own. */
  actors: number;
  bytes: number;
  referenceBytes: number;
}

function settledBytes(): number {
  assert(globalThis.gc !== undefined, 'needs --expose-gc');
  // Weak references and finalizers need more than one round.
  for (let round = 0; round < 4; round += 1) globalThis.gc();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

function warmUp(): void {
  const file = largeNetwork(mixedSize(1_000));
  readOnce(registeredCrowd(file), file);
}

const twins = Number(process.argv[2]);
warmUp();
const emptyBytes = settledBytes();
const file = largeNetwork(mixedSize(twins));
const referenceBytes = settledBytes() - emptyBytes;
const crowd = registeredCrowd(file);
const readings = readOnce(crowd, file);
const bytes = settledBytes() - emptyBytes - referenceBytes;
const measured: BytesMeasured = { twins, readings, actors: crowd.network.size, bytes, referenceBytes };
process.send?.(measured, () => process.exit(0));
