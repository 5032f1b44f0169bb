import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import type { RandomGenerator } from 'pure-rand/types/RandomGenerator';

/**
 * A seeded stream of random numbers. `fork(name)` depends on the seed and the name only, never on how far this stream
 * was read: a decision that forks by its own name (`T001:trip:17`) draws the same in every run, also after a restart.
 */
export class Prng {
  readonly seed: number;
  readonly #generator: RandomGenerator;

  /** @param seed any integer; its low 32 bits count */
  constructor(seed: number) {
    this.seed = seed | 0;
    this.#generator = xoroshiro128plus(this.seed);
  }

  fork(name: string): Prng {
    return new Prng(mixSeed(this.seed, name));
  }

  /** @returns 0 <= x < 1 */
  nextRatio(): number {
    return uniformFloat64(this.#generator);
  }

  /** @returns min <= x < max */
  uniform(min: number, max: number): number {
    return min + (max - min) * this.nextRatio();
  }

  /** @returns an integer, min <= x <= max */
  integer(min: number, max: number): number {
    return min + Math.floor((max - min + 1) * this.nextRatio());
  }

  /** @param probabilityRatio 0..1 */
  chance(probabilityRatio: number): boolean {
    return this.nextRatio() < probabilityRatio;
  }

  /** Triangular distribution by inversion. */
  triangular(min: number, mode: number, max: number): number {
    const u = this.nextRatio();
    const split = (mode - min) / (max - min);
    return u < split ? min + Math.sqrt(u * (max - min) * (mode - min)) : max - Math.sqrt((1 - u) * (max - min) * (max - mode));
  }

  /** Standard normal by Box-Muller; one draw of two is thrown away so that a stream holds no hidden state. */
  normal(): number {
    return Math.sqrt(-2 * Math.log(1 - this.nextRatio())) * Math.cos(2 * Math.PI * this.nextRatio());
  }

  /** @param sigma standard deviation of the logarithm */
  logNormal(median: number, sigma: number): number {
    return median * Math.exp(sigma * this.normal());
  }

  exponential(mean: number): number {
    return -mean * Math.log(1 - this.nextRatio());
  }

  pick<T>(items: readonly T[]): T {
    const item = items[Math.floor(this.nextRatio() * items.length)];
    if (item === undefined) throw new RangeError('nothing to pick from');
    return item;
  }
}

/** FNV-1a over the name, started from the seed, finished with MurmurHash3's mixer: near names give far seeds. */
function mixSeed(seed: number, name: string): number {
  let hash = (seed ^ 0x811c9dc5) | 0;
  for (let index = 0; index < name.length; index += 1) hash = Math.imul(hash ^ name.charCodeAt(index), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) | 0;
}
