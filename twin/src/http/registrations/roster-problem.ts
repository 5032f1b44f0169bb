import type { DeskResult } from '../../roster/roster-desk.ts';
import { ProblemError } from '../problem.ts';

const STATUS: Readonly<Record<string, number>> = {
  NOT_FOUND: 404,
  IDENTITY_INCOMPLETE: 422,
  OWNER_UNKNOWN: 422,
  ENERGY_MISSING: 422,
  LICENCE_ENDED: 422,
  IDENTITY_KEYS_MISSING: 503,
};

/** @throws ProblemError with the code of the refusal; what stands against it now, and may not later, is 409 */
export function granted(result: DeskResult): void {
  if (!result.ok) throw new ProblemError(STATUS[result.code] ?? 409, result.code, result.detail);
}
