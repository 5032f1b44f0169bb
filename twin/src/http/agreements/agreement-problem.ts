import { ProblemError } from '../problem.ts';

const STATUS_OF: Readonly<Record<string, number>> = {
  NOT_FOUND: 404,
  NOT_A_PARTY: 403,
  SECOND_PERSON_NEEDED: 403,
  AGREEMENT_EXISTS: 409,
  APPROVED_ALREADY: 409,
  NOT_A_DRAFT: 409,
  VERSION_EXISTS: 409,
  IN_FORCE: 409,
};
/** What is wrong with what an agreement says, and what no state forbids. */
const STATUS_ELSE = 422;

/** What a desk of agreements refused, as the API says it. */
export const agreementProblem = ({ code, text }: { readonly code: string; readonly text: string }): ProblemError =>
  new ProblemError(STATUS_OF[code] ?? STATUS_ELSE, code, text);
