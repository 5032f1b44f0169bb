import { assert } from '@corridor/protocols/assert';
import xstate from 'xstate/package.json' with { type: 'json' };

/** The only XState whose parsed form and whose order of things this engine was proved against. */
const PROVED_AGAINST = '5.33.3';

/** The engine reads what XState does not document. @throws InvariantError with another version: run the engine's tests, then move the pin */
export function assertPinnedXState(version: string = xstate.version): void {
  assert(version === PROVED_AGAINST, `compiled charts are proved against XState ${PROVED_AGAINST}, this is ${version}`);
}
