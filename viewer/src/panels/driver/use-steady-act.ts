import { useState } from 'preact/hooks';
import { ApiError } from '../../feed/api-client.ts';
import { isPassing, steadily } from '../../feed/steadily.ts';

/** UNREACHED: nobody knows whether it was done; asked again with the same key, it is done once. */
export type Outcome = 'DONE' | 'REFUSED' | 'UNREACHED';

/** Something asked of the twin over a bad line: asked again until it is answered, and told in between. */
export interface SteadyAct {
  /** Being asked, and no answer to the first try yet. */
  state: 'idle' | 'asking' | 'retrying';
  /** Code of the refusal; null: none. */
  refusal: string | null;
  /** @param ask done once however often it is asked @returns null: another act is under way */
  run: (ask: () => Promise<unknown>) => Promise<Outcome | null>;
}

export function useSteadyAct(): SteadyAct {
  const [state, setState] = useState<SteadyAct['state']>('idle');
  const [refusal, setRefusal] = useState<string | null>(null);
  const run = async (ask: () => Promise<unknown>): Promise<Outcome | null> => {
    if (state !== 'idle') return null;
    setState('asking');
    setRefusal(null);
    try {
      await steadily(ask, () => setState('retrying'));
      return 'DONE';
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      const isLost = isPassing(error);
      setRefusal(isLost ? 'UNREACHABLE' : (error.problemCode ?? 'OTHER'));
      return isLost ? 'UNREACHED' : 'REFUSED';
    } finally {
      setState('idle');
    }
  };
  return { state, refusal, run };
}
