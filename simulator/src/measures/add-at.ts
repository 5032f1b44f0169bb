import { violated } from '@corridor/protocols/assert';

/** Adds to one of many sums. @throws InvariantError where there is none: a typed array would lose it in silence */
export function addAt(sums: Float64Array, index: number, value: number): void {
  sums[index] = (sums[index] ?? violated(`place ${index} of ${sums.length} sums`)) + value;
}
