const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** Times of an order, all in scope time. */
export const ORDER_CONFIG = {
  /** A quote may be confirmed for this long. */
  quoteValidMs: 10 * MINUTE_MS,
  /** Actors of other partitions answer a check within this. */
  answerWithinMs: 2 * MINUTE_MS,
  /** A truck in the bay waits this long for `swap.start`. */
  startLocalValidMs: 10 * MINUTE_MS,
  /** A truck on its way may dock on its pre-authorisation for this long. */
  startRemoteValidMs: 2 * HOUR_MS,
  /** After that, the gateway's clock may still be behind ours and its events on their way. */
  startRemoteGraceMs: 10 * MINUTE_MS,
  /** Commands that end something are worth sending for this long. */
  endCommandValidMs: 10 * MINUTE_MS,
  /** The swap's own watchdog is faster; behind it, no order stays open for ever. */
  lostAfterMs: 26 * HOUR_MS,
  /** A cleared order waits for the meter of the slot that refills the returned pack. */
  keptMs: 24 * HOUR_MS,
} as const;

/** Packs below this are not issued. */
export const ISSUE_SOH_PERCENT_MIN = 80;
/** Heaviest truck on the road, for the reach test of one whose load is unknown [kg]. */
export const GROSS_MASS_KG_MAX = 49_000;
/** SOC read at the bay and at hand-over may differ by this; above it the bill is flagged SOC_JUMP. */
export const SOC_JUMP_PERCENT = 3;
/**
 * A SOC further than this from where it must be is not billed: a returned pack from what was read at the bay, an issued one below
 * what its station charges to. Recalibration of an LFP pack moves it by 1 to 8 points; the rest is the meter's error.
 */
export const SOC_JUMP_PERCENT_MAX = 10;
/** Loss between the meter of a slot and the pack. */
export const METER_TO_PACK_RATIO = 0.98;
/** Metered and billed energy may differ by this part of the nominal content; above it METER_MISMATCH. */
export const METER_TOLERANCE_RATIO = 0.03;
/** From this step on (unlocking) an abort is abnormal; before it the order is cancelled. */
export const FIRST_STEP_OF_NO_RETURN = 5;
/** First step after `authorized`: the swap is under way. */
export const FIRST_STEP_UNDER_WAY = 3;
