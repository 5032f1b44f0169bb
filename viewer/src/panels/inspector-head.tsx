import type { ComponentChildren, VNode } from 'preact';
import type { Condition } from '../store/condition.ts';
import { useApp, useWords } from './app-context.ts';
import { Chip } from './figures.tsx';

/** Name of what is inspected, its kind, and its state as a chip. */
export function InspectorHead(props: {
  title: string;
  subtitle: ComponentChildren;
  condition: Condition;
  state: string;
  children?: ComponentChildren;
}): VNode {
  return (
    <header class="inspector-head">
      <h2>{props.title}</h2>
      <p>{props.subtitle}</p>
      <div class="chips">
        <Chip condition={props.condition}>{props.state}</Chip>
        {props.children}
      </div>
    </header>
  );
}

/** Stands where a record should be that the role may not see or that is gone. */
export function Missing({ id }: { id: string }): VNode {
  const { store } = useApp();
  const words = useWords();
  // Before the first snapshot nothing is missing.
  if (!store.loaded.value) return <div class="skeleton" aria-busy="true" />;
  return (
    <header class="inspector-head" data-missing={id}>
      <h2>{id}</h2>
      <p>{words.notAvailable}</p>
      <p>{words.layers.missing}</p>
    </header>
  );
}
