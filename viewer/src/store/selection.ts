import { type Signal, signal } from '@preact/signals';

/** `actor`: one that is nothing of the scene, by its machine and id: `swap:HH1-5`. */
export const SELECTABLE = ['station', 'bay', 'slot', 'truck', 'pack', 'order', 'alarm', 'actor'] as const;
export type SelectableKind = (typeof SELECTABLE)[number];
export interface Selected {
  kind: SelectableKind;
  id: string;
}

export function sameSelection(a: Selected | null, b: Selected | null): boolean {
  return a === b || (a !== null && b !== null && a.kind === b.kind && a.id === b.id);
}

/** `#truck/T001`: a selection can be linked to. */
export function selectionFromHash(hash: string): Selected | null {
  const match = /^#([a-z]+)\/([A-Za-z0-9_.:-]{1,512})$/.exec(hash);
  const kind = SELECTABLE.find((candidate) => candidate === match?.[1]);
  if (kind === undefined || match?.[2] === undefined) return null;
  if (kind !== 'actor') return { kind, id: match[2] };
  // A bay had no address of its own once: kept links still mean it.
  const { machine, id } = actorOfSelection(match[2]);
  const meant = selectedOfActor(machine, id);
  return meant.kind === 'actor' ? { kind, id: match[2] } : meant;
}

export function hashOfSelection(selected: Selected | null): string {
  return selected === null ? '' : `#${selected.kind}/${selected.id}`;
}

/** How an actor is opened: as the thing that it is, or for itself. */
export function selectedOfActor(machine: string, id: string): Selected {
  const kind = (['station', 'bay', 'slot', 'truck', 'pack', 'order'] as const).find((each) => each === machine);
  return kind === undefined ? { kind: 'actor', id: `${machine}:${id}` } : { kind, id };
}

/** @param id of a selected actor */
export function actorOfSelection(id: string): { machine: string; id: string } {
  const colon = id.indexOf(':');
  return { machine: id.slice(0, Math.max(colon, 0)), id: id.slice(colon + 1) };
}

/** What is inspected, with the way back through what was inspected before. */
export class SelectionStore {
  readonly current: Signal<Selected | null> = signal(null);
  readonly hovered: Signal<Selected | null> = signal(null);
  /** true while the camera stays with the selected truck. */
  readonly following: Signal<boolean> = signal(false);
  private readonly trail: Selected[] = [];
  private readonly trailMax = 20;

  select(next: Selected | null): void {
    const before = this.current.peek();
    if (sameSelection(before, next)) return;
    if (next === null) this.trail.length = 0;
    else if (before !== null) this.trail.push(before);
    if (this.trail.length > this.trailMax) this.trail.shift();
    this.following.value = false;
    this.current.value = next;
  }

  get canGoBack(): boolean {
    return this.trail.length > 0;
  }

  back(): void {
    const before = this.trail.pop();
    if (before === undefined) return;
    this.following.value = false;
    this.current.value = before;
  }
}
