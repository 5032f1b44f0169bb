import { useState } from 'preact/hooks';
import { ApiError } from '../feed/api-client.ts';
import { useApp, useWords } from './app-context.ts';

/** Something that is asked of the twin once at a time, with why it was refused. */
export interface Act {
  sending: boolean;
  problem: string | null;
  /** @returns whether it was done */
  run: (act: () => Promise<unknown>) => Promise<boolean>;
  /** Says something about what was typed, before it is sent. */
  object: (problem: string) => void;
}

export function useAct(): Act {
  const { approvals } = useApp();
  const words = useWords();
  const [sending, setSending] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const run = async (act: () => Promise<unknown>): Promise<boolean> => {
    if (sending) return false;
    setSending(true);
    setProblem(null);
    try {
      await act();
      approvals.refresh();
      return true;
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
      return false;
    } finally {
      setSending(false);
    }
  };
  return { sending, problem, run, object: setProblem };
}
