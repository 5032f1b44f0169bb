import type { Seen } from './engine-event.ts';
import type { Guard } from './guard.ts';

/** Which transitions an event enables in one configuration: the questions that are left when the states are known. */
export interface Candidate<T> {
  readonly guard: Guard | null;
  readonly transition: T;
}

/**
 * XState asks the innermost states first, regions in the order of the value; a state's own transitions count only when nothing
 * inside it was taken.
 */
export interface Selector<T> {
  readonly regions: readonly Selector<T>[];
  readonly own: readonly Candidate<T>[];
}

/** What a guard that threw is told as. */
export type GuardFailed<T> = (transition: T, seen: Seen, cause: unknown) => never;

/** @returns the first whose guard holds, null when none does */
export function firstEnabled<T>(candidates: readonly Candidate<T>[], seen: Seen, failed: GuardFailed<T>): T | null {
  for (const { guard, transition } of candidates) {
    if (guard === null) return transition;
    try {
      if (guard(seen)) return transition;
    } catch (cause) {
      failed(transition, seen, cause);
    }
  }
  return null;
}

/** Transitions that are enabled, regions in order. */
export function collectEnabled<T>({ regions, own }: Selector<T>, seen: Seen, failed: GuardFailed<T>, found: T[]): void {
  const before = found.length;
  for (const region of regions) collectEnabled(region, seen, failed, found);
  if (found.length > before) return;
  const transition = firstEnabled(own, seen, failed);
  if (transition !== null) found.push(transition);
}

/** One list where there is nothing to choose between regions: without regions, or with one inside the other. */
export function flattened<T>(regions: readonly Selector<T>[], own: readonly Candidate<T>[]): Selector<T> {
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
