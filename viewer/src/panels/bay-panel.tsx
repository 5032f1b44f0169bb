import type { BayView } from '@corridor/protocols/http/bay-view';
import { SWAP_STATES } from '@corridor/protocols/swap-step';
import type { VNode } from 'preact';
import { lazy, Suspense } from 'preact/compat';
import { useApp, useWords } from './app-context.ts';
import { Field } from './figures.tsx';
import { Link } from './link.tsx';

const BayCodeSheet = lazy(() => import('./bay-code.tsx').then((module) => ({ default: module.BayCodeSheet })));

/** States of the procedure in its order, without the ways in which it can end otherwise. */
const STEPS = SWAP_STATES.slice(0, SWAP_STATES.indexOf('COMPLETED') + 1);

/** What the bay does, with the way to its own inspector, and the code that hangs at it. */
export function BayPanel({ bay }: { bay: BayView }): VNode {
  return (
    <>
      <BayWork bay={bay} isLinked />
      <Suspense fallback={null}>
        <BayCodeSheet bayId={bay.id} />
      </Suspense>
    </>
  );
}

/** Free, or whom it serves, and the step of the running swap as a sentence and a picture. */
export function BayWork({ bay, isLinked = false }: { bay: BayView; isLinked?: boolean }): VNode {
  const { language, store } = useApp();
  const words = useWords();
  const truck = bay.truckId === null || store.version.trucks.value < 0 ? undefined : store.records.trucks.get(bay.truckId);
  const state = language.codeWord(bay.bayState ?? bay.state);
  return (
    <>
      <dl class="fields">
        <Field label={words.field.state}>
          {isLinked ? (
            <Link kind="bay" id={bay.id}>
              {state}
            </Link>
          ) : (
            state
          )}
        </Field>
        <Field label={words.field.truck}>
          {bay.truckId === null ? (
            '—'
          ) : (
            <Link kind="truck" id={bay.truckId}>
              {truck?.plate ?? bay.truckId}
            </Link>
          )}
        </Field>
        {bay.orderId !== null && (
          <Field label={words.field.order} wide>
            <Link kind="order" id={bay.orderId} />
          </Field>
        )}
      </dl>
      {bay.step !== null && <SwapProgress step={bay.step} />}
    </>
  );
}

/** The steps of a swap as a row of marks, the current one named. */
export function SwapProgress({ step }: { step: string }): VNode {
  const { language } = useApp();
  const words = useWords();
  const at = STEPS.findIndex((known) => known === step);
  return (
    <div class={at < 0 ? 'swap-progress aside' : 'swap-progress'}>
      <div class="swap-marks" aria-hidden="true">
        {STEPS.slice(0, -1).map((known, i) => (
          <i key={known} class={i < at ? 'done' : i === at ? 'now' : ''} />
        ))}
      </div>
      <p>
        <b>{language.codeWord(step)}</b>
        {at >= 0 && at < STEPS.length - 1 && <small>{words.stepOf(String(at + 1), String(STEPS.length - 1))}</small>}
      </p>
    </div>
  );
}
