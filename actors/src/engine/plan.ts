import type { Action } from './action.ts';
import { actionCode } from './action-code.ts';
import type { Configuration } from './configuration.ts';
import type { ContextShapes } from './context-shape.ts';
import type { Expression, Seen } from './engine-event.ts';
import { GeneratedCode } from './generated-code.ts';
import type { Deed, Microstep } from './microstep.ts';
import type { Running } from './running.ts';
import type { StateNode } from './state-tree.ts';
import type { Transition } from './transition.ts';

/** What one microstep does, and where it leads. */
export interface Plan {
  /** All that its states and transitions do, in order; null when that is nothing. */
  readonly run: ((running: Running) => void) | null;
  readonly next: Configuration;
  /** Other states are active afterwards. */
  readonly moved: boolean;
  readonly done: boolean;
}

/** What entering, leaving and beginning a state does. */
export interface NodeActions {
  readonly entry: readonly Action[];
  readonly exit: readonly Action[];
  readonly initial: readonly Action[];
}

/** @param name of the function in stack traces */
export function runOf(
  { deeds }: Microstep<Transition>,
  { name, root, shapes, actionsOf }: { name: string; root: StateNode; shapes: ContextShapes; actionsOf: (node: StateNode) => NodeActions },
): Plan['run'] {
  const code = new GeneratedCode();
  const written = (actions: readonly Action[]) => actions.map((action) => actionCode(action, code, shapes));
  const call = (operation: (running: Running) => void) => [`${code.nameOf(operation)}(step);`];
  const statements = deeds.flatMap((deed: Deed<Transition>): string[] => {
    switch (deed.kind) {
      case 'exit':
        return written(actionsOf(deed.node).exit);
      case 'enter':
        return written(actionsOf(deed.node).entry);
      case 'begin':
        return written(actionsOf(deed.node).initial);
      case 'take':
        return written(deed.transition.actions);
      case 'stateDone':
        return call(stateDone(deed.node, deed.final));
      case 'machineDone':
        return call(machineDone(root, deed.by));
    }
  });
  return statements.length === 0 ? null : (code.functionOf(name, statements) as (running: Running) => void);
}

const outputOf = (mapper: unknown, seen: Seen): unknown => (typeof mapper === 'function' ? (mapper as Expression)(seen) : mapper);
const doneEvent = (node: StateNode, output: unknown) => ({ type: `xstate.done.state.${node.id}`, output });

function stateDone(node: StateNode, final: StateNode | null) {
  return (running: Running): void => {
    const { context, event } = running;
    running.raise(doneEvent(node, final ? outputOf(final.output, { context, event }) : undefined));
  };
}

/** The output of a whole machine is computed as XState does it, and handed to nobody: an actor tells its end by what it emits. */
function machineDone(root: StateNode, by: StateNode) {
  return ({ context, event }: Running): void => {
    if (root.output === undefined) return;
    const output = by.parent ? outputOf(by.output, { context, event }) : undefined;
    outputOf(root.output, { context, event: doneEvent(by, output) });
  };
}
