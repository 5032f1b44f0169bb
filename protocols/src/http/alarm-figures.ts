import { type Static, Type } from 'typebox';

const point = { code: Type.String(), scope: Type.String(), scopeId: Type.String() };
const Count = Type.Integer({ minimum: 0 });

/** How people fare with the alarms of a span, by the measures of ISA-18.2 (16.5); only alarms that the caller may see are counted. */
export const AlarmFigures = Type.Object({
  from: Type.String(),
  until: Type.String(),
  raised: Count,
  perTenMinutes: Type.Object({
    mean: Type.Number({ description: 'about 1 is manageable, 2 the most' }),
    peak: Type.Integer({ description: 'of the intervals of ten minutes from the beginning; above 10 is a flood' }),
    peakAt: Type.Union([Type.String(), Type.Null()], { description: 'begin of that interval; null: nothing was raised' }),
    floodRatio: Type.Number({ description: 'part of the intervals with more than 10; below 0.01 is the goal' }),
  }),
  binMs: Type.Integer({ description: 'length of each of bins' }),
  bins: Type.Array(Count, { description: 'raised in each, from the beginning' }),
  floods: Type.Array(
    Type.Object({ from: Type.String(), until: Type.String(), raised: Count, firstOut: Type.Object({ ...point, id: Type.String() }) }),
    { description: 'the last 10, newest first: from more than 10 in ten minutes until less than 5' },
  ),
  byLevel: Type.Array(Type.Object({ level: Type.Integer(), raised: Count })),
  top: Type.Array(Type.Object({ ...point, raised: Count }), { description: 'the 10 most frequent' }),
  chattering: Type.Array(Type.Object({ ...point, raised: Count, perMinute: Count }), {
    description: 'three times or more within a minute',
  }),
  standing: Type.Integer({ description: 'at the end of the span' }),
  staleCount: Type.Integer({ description: 'of those, for longer than a day' }),
  stale: Type.Array(Type.Object({ ...point, id: Type.String(), since: Type.String() }), { description: 'the 10 oldest of them' }),
  acknowledgedMedianMs: Type.Union([Type.Integer(), Type.Null()], { description: 'from raised to acknowledged; null: none was' }),
  neverAcknowledged: Type.Integer({ description: 'over without that anybody said that he saw them' }),
  isCut: Type.Boolean({ description: 'there were more than are counted: only the newest are in it' }),
});
export type AlarmFigures = Static<typeof AlarmFigures>;
