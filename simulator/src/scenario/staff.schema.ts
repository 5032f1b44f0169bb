import { type Static, Type } from 'typebox';
import { DurationDistribution } from './distribution.ts';

/** People who are called to a station: how long from the call until it is done, drawn anew each time (full model). */
export const Staff = Type.Object(
  {
    /** They look at what failed in a bay, put it right, and let the swap go on. */
    resumeTime: DurationDistribution,
    /** They give a truck without a pack one by hand, and clear the bay. */
    clearTime: DurationDistribution,
    /** They put a slot with a doubtful pack back into use. */
    slotTime: DurationDistribution,
  },
  { additionalProperties: false },
);
export type StaffPlan = Static<typeof Staff>;
