import { type Static, Type } from 'typebox';
import { Literals } from '../literals.ts';

/**
 * How completely a source was heard: from the numbers that it gives its messages, by lane. What is still buffered in a source that is away
 * is missing until it comes.
 */
const counts = {
  received: Type.Integer(),
  missing: Type.Number({ description: 'numbers that never came; of a gap over several hours each has its part' }),
  late: Type.Integer({ description: 'of the received: more than 30 s after they were measured' }),
  backfilled: Type.Integer({ description: 'of the received: from the buffer of the source' }),
  duplicates: Type.Integer(),
  refused: Type.Integer(),
};
export const LANES = ['tele', 'evt'] as const;

export const COMPLETENESS_SPANS = ['1h', '24h', '30d'] as const;
export type CompletenessSpan = (typeof COMPLETENESS_SPANS)[number];
export const SpanCounts = Type.Object({
  ...counts,
  completeRatio: Type.Union([Type.Number({ minimum: 0, maximum: 1 }), Type.Null()], {
    description: 'received of those that it sent; null: nothing was heard of it',
  }),
});
export type SpanCounts = Static<typeof SpanCounts>;

export const SourceCompleteness = Type.Object({
  source: Type.Object({ kind: Literals(['station', 'truck']), id: Type.String() }),
  lane: Literals(LANES),
  /** From the beginning of the hour in which the span begins. */
  spans: Type.Object({ '1h': SpanCounts, '24h': SpanCounts, '30d': SpanCounts }),
});
export type SourceCompleteness = Static<typeof SourceCompleteness>;
export const CompletenessList = Type.Object({ scopeAt: Type.String(), items: Type.Array(SourceCompleteness) });
export type CompletenessList = Static<typeof CompletenessList>;

export const HourCounts = Type.Object({ hour: Type.String(), lane: Literals(LANES), ...counts });
export type HourCounts = Static<typeof HourCounts>;
export const GapView = Type.Object({
  lane: Literals(LANES),
  bootId: Type.Integer(),
  firstSeq: Type.Integer({ description: 'first number that is missing' }),
  lastSeq: Type.Integer({ description: 'last number that is missing' }),
  from: Type.String({ description: 'time of the message before' }),
  until: Type.String({ description: 'time of the message after' }),
});
export type GapView = Static<typeof GapView>;
export const SourceHours = Type.Object({
  hours: Type.Array(HourCounts, { description: 'oldest first; hours of which nothing is known are left out' }),
  gaps: Type.Array(GapView, { description: 'newest first' }),
  gapsTruncated: Type.Boolean(),
});
export type SourceHours = Static<typeof SourceHours>;
