import type { ComponentChildren, VNode } from 'preact';
import type { SelectableKind } from '../store/selection.ts';
import { useApp } from './app-context.ts';
import { show } from './show.ts';

/** A name that opens what it names in the inspector. */
export function Link({ kind, id, children }: { kind: SelectableKind; id: string; children?: ComponentChildren }): VNode {
  const app = useApp();
  return (
    <button type="button" class="link" onClick={() => show(app, { kind, id })}>
      {children ?? id}
    </button>
  );
}
