/** What is wrong with a scenario: where, what stands there, and what may. */
export interface Problem {
  /** As in JSON Pointer: `/stations/0/bays`. */
  path: string;
  /** What stands there, shortened; null: nothing does. */
  value: string | null;
  /** What is allowed there, or why it is not. */
  allowed: string;
}

const VALUE_CHARACTERS_MAX = 80;

export function shown(value: unknown): string | null {
  if (value === undefined) return null;
  const text = JSON.stringify(value);
  return text.length > VALUE_CHARACTERS_MAX ? `${text.slice(0, VALUE_CHARACTERS_MAX)}…` : text;
}

export const problemText = ({ path, value, allowed }: Problem): string =>
  `${path === '' ? '/' : path}: ${value === null ? 'missing' : value}; ${allowed}`;

/** A scenario that cannot be run. */
export class ScenarioError extends Error {
  readonly code = 'SCENARIO_INVALID';
  readonly problems: readonly Problem[];
  constructor(problems: readonly Problem[]) {
    super(problems.map(problemText).join('\n'));
    this.problems = problems;
  }
}
