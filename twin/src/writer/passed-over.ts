import type { EffectOf } from '@corridor/actors/network/effect';
import { alarmIdOf } from '@corridor/actors/network/outgoing';
import type { InputName } from './input-name.ts';
import type { ReceivedEvent } from './writer-batch.ts';

/** Refusal of an input that was passed over because the writer failed on it twice. */
export const INPUT_FAILED = 'INPUT_FAILED';

/** An input that the writer passed over. */
export interface PassedOver {
  readonly name: InputName;
  /** The message, where it was one. */
  readonly event: ReceivedEvent | null;
  /** What was said when the writer failed on it. */
  readonly error: string;
}

const DETAIL_MAX = 400;

/** Subject and position: what is needed to find it again. */
export const describe = (passed: PassedOver): string => `${nameText(passed)} was passed over: the platform failed on it twice`;

const nameText = ({ name: { kind, name }, event }: PassedOver): string =>
  event === null ? `${kind} ${name}` : `${event.subject} boot ${event.bootId} seq ${event.seq}, ${event.streamSeq} in the stream,`;

/** One alarm for each thing that came once; what comes again and again raises the same one. */
export function alarmOf(passed: PassedOver, atMs: number): EffectOf<'alarm.raised'> {
  const { kind, name, scope, scopeId } = passed.name;
  return {
    type: 'alarm.raised',
    atMs,
    alarmId: `${alarmIdOf({ code: INPUT_FAILED, scope, scopeId, sinceMs: 0 })}-${kind}-${name}`.replaceAll(/[^A-Za-z0-9_.-]/g, '_'),
    code: INPUT_FAILED,
    level: 2,
    scope,
    scopeId,
    detail: describe(passed).slice(0, DETAIL_MAX),
    args: { input: nameText(passed).slice(0, DETAIL_MAX) },
  };
}
