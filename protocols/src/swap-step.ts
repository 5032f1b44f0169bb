/**
 * The swap procedure of a top-lift station (docs/domain/swap-procedure.md): event suffix, nominal duration and what the
 * step's interlock guards. Order is the order of the procedure; durations sum to 300 s (assumption, triangular
 * -20 % to +60 % in simulation).
 */
export const SWAP_STEPS = [
  { step: 0, event: 'arrived', durationMs: 0 },
  { step: 1, event: 'identified', durationMs: 15_000 },
  { step: 2, event: 'authorized', durationMs: 10_000 },
  { step: 3, event: 'positioned', durationMs: 30_000 },
  { step: 4, event: 'made_safe', durationMs: 15_000 },
  { step: 5, event: 'unlocked', durationMs: 10_000 },
  { step: 6, event: 'lifted', durationMs: 35_000 },
  { step: 7, event: 'moved_in', durationMs: 30_000 },
  { step: 8, event: 'battery_in', durationMs: 20_000 },
  { step: 9, event: 'picked', durationMs: 25_000 },
  { step: 10, event: 'moved_out', durationMs: 30_000 },
  { step: 11, event: 'seated', durationMs: 35_000 },
  { step: 12, event: 'locked', durationMs: 15_000 },
  { step: 13, event: 'battery_out', durationMs: 20_000 },
  { step: 14, event: 'released', durationMs: 10_000 },
] as const;

export type SwapStepEvent = (typeof SWAP_STEPS)[number]['event'];

/** Events of `evt.swap` beside the steps. */
export const SWAP_SIDE_EVENTS = [
  'completed',
  'rejected',
  'suspended',
  'resumed',
  'battery_out_timeout',
  'aborted_safe',
  'aborted_no_pack',
  'failed',
] as const;
export type SwapEventName = SwapStepEvent | (typeof SWAP_SIDE_EVENTS)[number];

/** The lifecycle state of a swap as the gateway's tele.bay and the twin's swap actor name it. */
export const SWAP_STATES = [
  'QUEUED',
  'IDENTIFYING',
  'AUTHORIZING',
  'POSITIONING',
  'SECURING',
  'UNLOCKING',
  'LIFTING',
  'TRANSFER_IN',
  'BATTERY_IN',
  'PICKING',
  'TRANSFER_OUT',
  'SEATING',
  'LOCKING',
  'SELF_CHECK',
  'RELEASING',
  'COMPLETED',
  'ABORTED_SAFE',
  'ABORTED_NO_PACK',
  'SUSPENDED',
] as const;
export type SwapState = (typeof SWAP_STATES)[number];
