import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import { useApp, useWords } from '../app-context.ts';
import { PayIn } from './pay-in.tsx';
import type { SteadyAct } from './use-steady-act.ts';

/** Why something was refused, and what a driver does about it. @param amountFen that would have been held */
export function Refusal({ code, amountFen = null }: { code: string; amountFen?: string | null }): VNode {
  const { language } = useApp();
  const words = useWords();
  const [isPaying, setPaying] = useState(false);
  const known = words.driver.refused[code];
  const { why, todo } = known ?? { ...words.driver.refusedOther, why: language.codeWord(code) };
  return (
    <>
      <div class="driver-refusal" role="alert" data-refusal={code}>
        <b>{why}</b>
        <span>{todo}</span>
      </div>
      {code === 'NO_CREDIT' && !isPaying && (
        <button type="button" class="button" data-action="pay-in" onClick={() => setPaying(true)}>
          {words.driver.payIn}
        </button>
      )}
      {isPaying && <PayIn amountFen={amountFen} />}
    </>
  );
}

/** What became of an act: that it is being asked again, or why it was refused. */
export function ActOutcome({ act, amountFen = null }: { act: SteadyAct; amountFen?: string | null }): VNode | null {
  const words = useWords();
  if (act.state === 'retrying') {
    return (
      <p class="driver-lost" role="status" data-retrying>
        {words.driver.retrying}
      </p>
    );
  }
  return act.refusal === null ? null : <Refusal code={act.refusal} amountFen={amountFen} />;
}
