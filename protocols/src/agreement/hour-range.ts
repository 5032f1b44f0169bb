import { type Static, Type } from 'typebox';

/** Half-open local hours [from, to), Asia/Shanghai, whole hours 0..24. */
export const HourRange = Type.Tuple([Type.Integer({ minimum: 0, maximum: 23 }), Type.Integer({ minimum: 1, maximum: 24 })]);
export type HourRange = Static<typeof HourRange>;
