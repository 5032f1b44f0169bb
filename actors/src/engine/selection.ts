import type { Seen } from './engine-event.ts';
import { GeneratedCode } from './generated-code.ts';
import { type ActiveStates, type Guard, guardCode } from './guard.ts';

/** Which transitions an event enables in one configuration: the questions that are left when the states are known. */
export interface Candidate {
  readonly guard: Guard | null;
}

/**
 * XState asks the innermost states first, regions in the order of the value; a state's own transitions count only when nothing
 * inside it was taken.
 */
export interface Selector<T extends Candidate> {
  readonly regions: readonly Selector<T>[];
  readonly own: readonly T[];
}

/** Asks the guards of candidates in order. @returns the number of the first that holds, -1 when none does */
type Choose = (seen: Seen) => number;

/** What a guard that threw is told as. */
type GuardFailed<T> = (candidate: T, seen: Seen, cause: unknown) => never;

/** One list of candidates with the function that chooses among them, and what each of them leads to. */
export class Choice<T extends Candidate, Plan> {
  readonly #candidates: readonly T[];
  readonly #choose: Choose | null;
  /** What is chosen when there is nothing to ask. */
  readonly #certain: number;
  readonly #planOf: (candidate: T) => Plan;
  /** As far as they were asked for. */
  readonly #plans: (Plan | undefined)[] = [];

  /** @param failed null: what a guard throws goes on as it is */
  constructor(
    candidates: readonly T[],
    of: { name: string; active: ActiveStates; failed: GuardFailed<T> | null; planOf: (candidate: T) => Plan },
  ) {
    this.#candidates = candidates;
    const [first] = candidates;
    this.#certain = first === undefined ? -1 : 0;
    this.#choose = first === undefined || first.guard === null ? null : chooseOf(candidates, of);
    this.#planOf = of.planOf;
  }

  /** @returns null when no guard holds */
  first(seen: Seen): T | null {
    return this.#candidates[this.#at(seen)] ?? null;
  }

  /** What the first one whose guard holds leads to; null when none does. */
  plan(seen: Seen): Plan | null {
    const at = this.#at(seen);
    if (at === -1) return null;
    return this.#plans[at] ?? this.#learn(at);
  }

  #at(seen: Seen): number {
    return this.#choose === null ? this.#certain : this.#choose(seen);
  }

  #learn(at: number): Plan {
    const plan = this.#planOf(this.#candidates[at] as T);
    this.#plans[at] = plan;
    return plan;
  }
}

function chooseOf<T extends Candidate>(
  candidates: readonly T[],
  { name, active, failed }: { name: string; active: ActiveStates; failed: GuardFailed<T> | null },
): Choose {
  const code = new GeneratedCode();
  const asked: string[] = [];
  for (const [index, { guard }] of candidates.entries()) {
    const found = `return ${index};`;
    asked.push(guard === null ? found : `at = ${index}; if (${guardCode(guard, active, code)}) ${found}`);
    // Nobody asks the ones behind it.
    if (guard === null) break;
  }
  const whole = ['let at = 0;', ...asked, 'return -1;'];
  if (failed === null) return code.functionOf(name, whole) as Choose;
  const failedAt = (at: number, seen: Seen, cause: unknown): never => failed(candidates[at] as T, seen, cause);
  return code.functionOf(name, [
    'let at = 0;',
    'try {',
    ...asked,
    `} catch (cause) { ${code.nameOf(failedAt)}(at, step, cause); }`,
    'return -1;',
  ]) as Choose;
}

/** A selector whose lists have become functions. */
export interface Chooser<T extends Candidate, Plan> {
  readonly regions: readonly Chooser<T, Plan>[];
  readonly own: Choice<T, Plan>;
}

/** Transitions that are enabled, regions in order. */
export function collectEnabled<T extends Candidate>({ regions, own }: Chooser<T, unknown>, seen: Seen, found: T[]): void {
  const before = found.length;
  for (const region of regions) collectEnabled(region, seen, found);
  if (found.length > before) return;
  const transition = own.first(seen);
  if (transition !== null) found.push(transition);
}

/** One list where there is nothing to choose between regions: without regions, or with one inside the other. */
export function flattened<T extends Candidate>(regions: readonly Selector<T>[], own: readonly T[]): Selector<T> {
  const asked = regions.filter((region) => region.regions.length > 0 || region.own.length > 0);
  const [only] = asked;
  if (only !== undefined && asked.length === 1 && only.regions.length === 0) return { regions: [], own: [...only.own, ...own] };
  return { regions: asked, own };
}

/** Exact, `*`, or whole words and a star, `a.*`. */
export function describes(descriptor: string, type: string): boolean {
  if (descriptor === type || descriptor === '*') return true;
  if (!descriptor.endsWith('.*')) return false;
  const wanted = descriptor.split('.');
  const given = type.split('.');
  return wanted.indexOf('*') === wanted.length - 1 && wanted.slice(0, -1).every((word, index) => word === given[index]);
}
