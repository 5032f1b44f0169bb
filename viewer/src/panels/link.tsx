import type { ComponentChildren, VNode } from 'preact';
import type { SelectableKind } from '../store/selection.ts';
import { useApp } from './app-context.ts';

/** A name that opens what it names in the inspector. */
export function Link({ kind, id, children }: { kind: SelectableKind; id: string; children?: ComponentChildren }): VNode {
  const { selection } = useApp();
  return (
    <button type="button" class="link" onClick={() => selection.select({ kind, id })}>
      {children ?? id}
    </button>
  );
}
