/** One entry of a list of events or transitions, as far as it can be read. */
export interface TimelineEntry {
  at: string | null;
  name: string;
  detail: string;
}

/** Reads a list of events, or a page of one: entries without a name are skipped, unknown fields ignored. */
export function timelineOf(answer: unknown): TimelineEntry[] {
  return listOf(answer).flatMap((entry) => {
    // A change of state is told by the state it led to, what a gateway reported by the last word of its subject.
    const name = textOf(entry, ['to', 'event', 'name', 'type', 'state']);
    if (name === null) return [];
    const at = textOf(entry, ['at', 'tsEvent', 'ts', 'time']);
    return [{ at, name: name.split('.').at(-1) ?? name, detail: textOf(entry, ['kind', 'detail', 'reason']) ?? '' }];
  });
}

export interface TransitionEntry {
  at: string | null;
  from: string | null;
  to: string;
  event: string;
}

/** Reads the transitions of an actor, newest first. */
export function transitionsOf(answer: unknown): TransitionEntry[] {
  const entries = listOf(answer).flatMap((entry) => {
    const to = textOf(entry, ['to', 'toState', 'to_state', 'value', 'state']);
    if (to === null) return [];
    return [
      {
        at: textOf(entry, ['at', 'ts', 'tsEvent', 'time']),
        from: textOf(entry, ['from', 'fromState', 'from_state', 'previous']),
        to,
        event: textOf(entry, ['event', 'eventType', 'event_type', 'cause']) ?? '',
      },
    ];
  });
  return entries.sort((a, b) => ((a.at ?? '') < (b.at ?? '') ? 1 : -1));
}

function listOf(answer: unknown): Record<string, unknown>[] {
  const list = Array.isArray(answer) ? answer : isRecord(answer) ? (answer['items'] ?? answer['events'] ?? answer['transitions']) : [];
  return Array.isArray(list) ? list.filter(isRecord) : [];
}

function textOf(entry: Record<string, unknown>, names: readonly string[]): string | null {
  for (const name of names) {
    const value = entry[name];
    if (typeof value === 'string' && value !== '') return value;
    if (isRecord(value)) return JSON.stringify(value);
  }
  return null;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
