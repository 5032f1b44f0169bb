import type { Action } from './action.ts';
import type { ContextShapes } from './context-shape.ts';
import type { GeneratedCode } from './generated-code.ts';
import { paramsCode } from './guard.ts';
import { PartMerge } from './part-merge.ts';
import { enqueueActions } from './perform-action.ts';
import type { Running } from './running.ts';

/** An action as a statement of source that knows the step under way as `step`; what `performAction` does, straight. */
export function actionCode(action: Action, code: GeneratedCode, shapes: ContextShapes): string {
  const computed = (given: unknown): string => (typeof given === 'function' ? `${code.nameOf(given)}(step, params)` : code.nameOf(given));
  return `{ const params = ${paramsCode(action.params, code)}; ${statements(action, code, { computed, shapes }).join(' ')} }`;
}

function statements(
  action: Action,
  code: GeneratedCode,
  { computed, shapes }: { computed: (given: unknown) => string; shapes: ContextShapes },
): string[] {
  switch (action.kind) {
    case 'assign': {
      const fields = shapes.numberOf({ names: action.fields.map(([name]) => name), asPart: false });
      return [
        ...action.fields.map(([, value], index) => `const v${index} = ${computed(value)};`),
        `const { shape } = step; const change = shape.changes[${fields}] ?? shape.learn(${fields});`,
        `step.context = change.write(${['step.context', ...action.fields.map((_, index) => `v${index}`)].join(', ')});`,
        'step.shape = change.next; step.assigned = true;',
      ];
    }
    case 'assignPart':
      return [`${code.nameOf(new PartMerge(shapes))}.merge(step, ${computed(action.partOf)});`];
    case 'emit':
      return [`step.emit(${computed(action.event)});`];
    case 'raise':
      if (action.delay === undefined) return [`step.raise(${computed(action.event)});`];
      return [`step.raiseAfter(${computed(action.event)}, ${computed(action.delay)}, ${code.nameOf(action.timer)});`];
    case 'sendTo':
      return [
        `const event = ${computed(action.event)}; const delayMs = ${computed(action.delay)};`,
        `step.sendTo(${computed(action.to)}, event, delayMs, ${code.nameOf(action.timer)});`,
      ];
    case 'cancel':
      return [`step.cancel(${computed(action.timer)});`];
    case 'enqueueActions': {
      const enqueued = (params: unknown, running: Running) => enqueueActions(action, params, running);
      return [`${code.nameOf(enqueued)}(params, step);`];
    }
  }
}
