import type { Motion } from '@corridor/gateway/ports/robot';
import { violated } from '@corridor/protocols/assert';
import { SWAP_STEPS, type SwapStepEvent } from '@corridor/protocols/swap-step';

const nominalMs = (step: SwapStepEvent): number =>
  SWAP_STEPS.find(({ event }) => event === step)?.durationMs ?? violated(`no step ${step}`);
/** Here the platform answers at once. */
const WHOLE_MS = SWAP_STEPS.reduce((sum, { durationMs }) => sum + durationMs, 0) - nominalMs('authorized');
const share = (step: SwapStepEvent): number => nominalMs(step) / WHOLE_MS;

/** What part of a swap's whole duration the identification takes, 0..1. */
export const IDENTIFY_SHARE = share('identified');

/** What part of a swap's whole duration each motion takes when nothing is repeated; with the identification they sum to 1. */
export const MOTION_SHARE: Readonly<Record<Motion, number>> = {
  POSITION: share('positioned'),
  MAKE_SAFE: share('made_safe'),
  UNLOCK: share('unlocked'),
  LIFT: share('lifted'),
  MOVE_IN: share('moved_in'),
  PLACE: share('battery_in'),
  PICK: share('picked'),
  MOVE_OUT: share('moved_out'),
  SEAT: share('seated'),
  LOCK: share('locked'),
  SELF_CHECK: share('battery_out'),
  RELEASE: share('released'),
};
