import { Timestamp } from '@corridor/protocols/units';
import type { NoScene, PastScenes } from '../../past/past-scenes.ts';
import type { Rights } from '../../projection/rights.ts';
import { ProblemError } from '../problem.ts';

/** Query field of what can be asked for as it was. */
export const AtField = (what: string) =>
  Timestamp(`${what} as it was then, that instant included; now when not given; 422 when it has not come, or before history`);

export const noScene = ({ code, detail }: NoScene): ProblemError =>
  new ProblemError(code === 'HISTORY_OF_TODAY_ONLY' ? 403 : 422, code, detail);

/** @param at null: now, at which anybody may look @throws ProblemError when the caller may not look at the instant */
export async function mayLookAt(past: PastScenes, at: string | null, rights: Rights): Promise<void> {
  const refusal = at === null ? null : await past.refusalOf(Date.parse(at), rights);
  if (refusal !== null) throw noScene(refusal);
}
