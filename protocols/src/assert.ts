/** A broken invariant: a bug of ours, never a domain refusal. Ends the run, also in production. */
export class InvariantError extends Error {
  readonly code = 'INVARIANT';
}

/**
 * Ends the run when `condition` is false. One condition per call; the message names the facts. The words are put together at each call: where it
 * is asked thousands of times a second, `if (…) violated(…)`.
 * @throws InvariantError
 */
export function assert(condition: boolean, message: string): asserts condition {
  if (!condition) throw new InvariantError(message);
}

/** Ends the run; also for what must be there: `prices[hour] ?? violated(…)`. @throws InvariantError */
export function violated(message: string): never {
  throw new InvariantError(message);
}

/** For the default branch of an exhaustive switch: does not compile while a case is missing. */
export function assertNever(value: never, what: string): never {
  throw new InvariantError(`${what}: unexpected ${JSON.stringify(value)}`);
}
