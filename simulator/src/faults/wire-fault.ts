import { type Static, Type } from 'typebox';

/** Faults on the way of the messages, by what they do (numbers of docs/architecture/data-quality.md). */
const Ratio = Type.Number({ minimum: 0, maximum: 1, default: 1, description: 'share of the messages concerned' });
const target = {
  /** Station or truck ids; empty = all. */
  sources: Type.Array(Type.String({ pattern: '^[A-Za-z0-9_-]{1,64}$' }), { default: [] }),
  ratio: Ratio,
};
const fault = <const K extends string, P extends Parameters<typeof Type.Object>[0]>(kind: K, parameters: P) =>
  Type.Object({ kind: Type.Literal(kind), ...target, ...parameters }, { additionalProperties: false });
const Ms = (description: string, initial: number) =>
  Type.Integer({ minimum: -864_000_000, maximum: 864_000_000, default: initial, description });

export const WIRE_FAULTS = {
  /** Q1 */ LATE: fault('LATE', { delayMs: Type.Integer({ minimum: 0, maximum: 600_000, default: 8_000, description: 'wall ms' }) }),
  /** Q2 */ DUPLICATE: fault('DUPLICATE', { copies: Type.Integer({ minimum: 1, maximum: 20, default: 1 }) }),
  /** Q3 */ REORDER: fault('REORDER', { holdMs: Type.Integer({ minimum: 1, maximum: 60_000, default: 2_000, description: 'wall ms' }) }),
  /** Q4 and Q17: cut off; with several sources they come back together. */
  OFFLINE: fault('OFFLINE', {}),
  /** Q5 */ CLOCK_SKEW: fault('CLOCK_SKEW', { offsetMs: Ms('added to both times', 28_800_000) }),
  /** Q5 */ CLOCK_RESET: fault('CLOCK_RESET', { year: Type.Integer({ minimum: 1970, maximum: 2100, default: 1970 }) }),
  /** Q6 */ SOC_JUMP: fault('SOC_JUMP', { deltaPercent: Type.Number({ minimum: -100, maximum: 100, default: 8 }) }),
  /** Q7 */ SOC_DISAGREES: fault('SOC_DISAGREES', { deltaPercent: Type.Number({ minimum: -10, maximum: 10, default: 2 }) }),
  /** Q8 */ STUCK: fault('STUCK', {}),
  /** Q9 */ INVALID_CODE: fault('INVALID_CODE', {}),
  /** Q9 */ OUT_OF_RANGE: fault('OUT_OF_RANGE', {}),
  /** Q10 */ SIGN_FLIP: fault('SIGN_FLIP', {}),
  /** Q11 */ GPS_DRIFT: fault('GPS_DRIFT', { driftM: Type.Number({ minimum: 0, maximum: 100_000, default: 300 }) }),
  /** Q11 */ GPS_ZERO: fault('GPS_ZERO', {}),
  /** Q12 */ GCJ02: fault('GCJ02', {}),
  /** Q14: the hand-over of the issued pack is never told; another event stands in its number. */
  HALF_SWAP: fault('HALF_SWAP', {}),
  /** Q15 */ COUNTER_RESET: fault('COUNTER_RESET', {}),
  /** Q16 */ SCHEMA_DRIFT: fault('SCHEMA_DRIFT', {
    drift: Type.Union([Type.Literal('VERSION'), Type.Literal('FIELD')], { default: 'FIELD' }),
  }),
  /** Q18: gone, though the sender believes it arrived. */
  LOST: fault('LOST', {}),
  /** Q20: a copy under another name, and an old one again. */
  FORGED: fault('FORGED', { as: Type.String({ pattern: '^[A-Za-z0-9_-]{1,64}$', default: 'HJ1' }) }),
} as const;

export type WireFaultKind = keyof typeof WIRE_FAULTS;
export type WireFault = { [K in WireFaultKind]: Static<(typeof WIRE_FAULTS)[K]> }[WireFaultKind];
export const WIRE_FAULT_KINDS = Object.keys(WIRE_FAULTS) as WireFaultKind[];
