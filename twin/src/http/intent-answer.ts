import { ACT_REFUSALS } from '@corridor/actors/network/operator-act.rules';
import type { IntentAnswer } from '../writer/intent-answer.ts';
import { ProblemError } from './problem.ts';

/** As things stand it is not possible; it may be at another time. */
const CONFLICTS: readonly string[] = [
  'NOT_POSSIBLE',
  ...ACT_REFUSALS,
  'NO_PACK_ON_BOARD',
  'PACK_ON_BOARD',
  'ORDER_OPEN',
  'DEPOSIT_EXISTS',
  'DEPOSIT_UNKNOWN',
];

/** The network's answer, or the problem that it names. @throws ProblemError 404, 409 or 422 with the network's code */
export function answered(answer: IntentAnswer): IntentAnswer {
  if (answer.ok) return answer;
  const status = answer.code === 'NOT_FOUND' ? 404 : CONFLICTS.includes(answer.code) ? 409 : 422;
  throw new ProblemError(status, answer.code, answer.detail || answer.code);
}
