import { SWAP_STATES } from '@corridor/protocols/swap-step';

/** One entry of a list of events or transitions, as far as it can be read. */
export interface TimelineEntry {
  at: string | null;
  name: string;
  /** Who told it: `event` the station, `order` and `swap` the platform. */
  source: string;
}

const ORDINARY_STEPS: ReadonlySet<string> = new Set(SWAP_STATES.slice(0, SWAP_STATES.indexOf('COMPLETED') + 1));

/**
 * Reads what happened to an order, or a page of it: entries without a name are skipped, unknown fields ignored. A change of
 * state is told by the state it led to, without what goes on inside of it; what a gateway reported by the last word of its
 * subject. The swap's ordinary steps are left out: the gateway's reports tell the same.
 */
export function timelineOf(answer: unknown): TimelineEntry[] {
  const entries: TimelineEntry[] = [];
  const last = new Map<string, string>();
  for (const entry of listOf(answer)) {
    const source = textOf(entry, ['kind']) ?? '';
    const to = textOf(entry, ['to']);
    const told = to?.split('.')[0] ?? textOf(entry, ['event', 'name', 'type', 'state'])?.split('.').at(-1);
    if (told === undefined) continue;
    const repeated = to !== null && last.get(source) === told;
    last.set(source, told);
    if (repeated || (source === 'swap' && ORDINARY_STEPS.has(told))) continue;
    entries.push({ at: textOf(entry, ['at', 'tsEvent', 'ts', 'time']), name: told, source });
  }
  return entries;
}

export interface TransitionEntry {
  at: string | null;
  from: string | null;
  to: string;
  event: string;
  /** Actor that told it so; null: none did. */
  by: string | null;
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
        by: textOf(entry, ['by']),
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
