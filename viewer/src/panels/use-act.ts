import { useState } from 'preact/hooks';
import { ApiError } from '../feed/api-client.ts';
import { newRequestKey } from '../feed/request-key.ts';
import { useApp, useWords } from './app-context.ts';

/** Something that is asked of the twin once at a time, with why it was refused. */
export interface Act {
  sending: boolean;
  problem: string | null;
  /** @returns whether it was done */
  run: (act: () => Promise<unknown>) => Promise<boolean>;
  /**
   * The same for what is done once however often it is asked: its key stays until an answer comes, because whoever got none does not know
   * whether it was done; what is asked after an answer is another request.
   */
  runOnce: (act: (key: string) => Promise<unknown>) => Promise<boolean>;
  /** Says something about what was typed, before it is sent. */
  object: (problem: string) => void;
}

export function useAct(): Act {
  const { approvals } = useApp();
  const words = useWords();
  const [sending, setSending] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const [key, setKey] = useState(newRequestKey);
  const attempt = async (act: () => Promise<unknown>): Promise<'DONE' | 'REFUSED' | 'UNREACHED' | 'BUSY'> => {
    if (sending) return 'BUSY';
    setSending(true);
    setProblem(null);
    try {
      await act();
      approvals.refresh();
      return 'DONE';
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      const code = error.status === 0 ? 'UNREACHABLE' : (error.problemCode ?? '');
      setProblem(
        words.money.refused(
          words.money.refusal[code] ??
            words.charge.refusal[code] ??
            words.act.refusal[code] ??
            words.dispatch.refusal[code] ??
            words.registration.refusal[code] ??
            words.code[code] ??
            error.message,
        ),
      );
      return error.status === 0 ? 'UNREACHED' : 'REFUSED';
    } finally {
      setSending(false);
    }
  };
  const run = async (act: () => Promise<unknown>): Promise<boolean> => (await attempt(act)) === 'DONE';
  const runOnce = async (act: (key: string) => Promise<unknown>): Promise<boolean> => {
    const outcome = await attempt(async () => act(key));
    if (outcome === 'DONE' || outcome === 'REFUSED') setKey(newRequestKey());
    return outcome === 'DONE';
  };
  return { sending, problem, run, runOnce, object: setProblem };
}
