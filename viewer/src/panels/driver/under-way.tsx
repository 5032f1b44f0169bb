import type { OrderSummary } from '@corridor/protocols/http/scene';
import { SWAP_STATES, type SwapState } from '@corridor/protocols/swap-step';
import type { VNode } from 'preact';
import { useApp, useWords } from '../app-context.ts';
import { useStation } from './station-name.ts';
import { SwapPicture } from './swap-picture.tsx';

const STEPS = SWAP_STATES.slice(0, SWAP_STATES.indexOf('COMPLETED'));
/** States in which a person has to come. */
const STOPPED: ReadonlySet<string> = new Set(['SUSPENDED', 'ABORTED_NO_PACK']);

/** What the robot is at, as a sentence and a picture. */
export function UnderWay({ order }: { order: OrderSummary }): VNode {
  const { language } = useApp();
  const words = useWords();
  const { name } = useStation(order.stationId);
  const state = SWAP_STATES.find((known) => known === order.swapState) ?? 'QUEUED';
  const at = STEPS.indexOf(state);
  return (
    <section class="driver-card" data-driver-part="under-way" data-order={order.id} data-step={state}>
      <h2>
        {words.driver.underWay} · {name}
      </h2>
      <SwapPicture state={state} />
      <div aria-live="polite">
        <b class="driver-station">{language.codeWord(state)}</b>
        <p class={STOPPED.has(state) ? 'driver-sentence alarm-text' : 'driver-sentence'}>{words.driver.step[state]}</p>
      </div>
      {at >= 0 && <Progress at={at} state={state} />}
    </section>
  );
}

function Progress({ at, state }: { at: number; state: SwapState }): VNode {
  const words = useWords();
  return (
    <>
      <div class="driver-marks" aria-hidden="true">
        {STEPS.map((step, index) => (
          <i key={step} class={index < at ? 'done' : step === state ? 'now' : ''} />
        ))}
      </div>
      <small>{words.driver.stepOf(at + 1, STEPS.length)}</small>
    </>
  );
}
