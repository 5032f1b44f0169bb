import type { Surroundings } from '../network/reference.ts';
import { SOC_JUMP_PERCENT } from '../order/order-config.ts';
import { isIssuable, type PackContext, type PackEventOf, stationOfSlot } from './pack.rules.ts';

/**
 * Why a pack that a station gave would not have been issued by the platform: the pack's part of the checks, by what the books had of it
 * and what its BMS said at the hand-over. The order asks this of a pack that was not the reserved one.
 * @returns null when it was eligible
 */
export function unfitAtIssue(context: PackContext, event: PackEventOf<'pack.issued'>, surroundings: Surroundings): string | null {
  const { place, disputedSinceMs, quarantine, hotSinceMs, faultText } = context;
  const { stationId, battery } = event;
  if (place.kind !== 'SLOT' || stationOfSlot(place.id) !== stationId) return `the books had it at ${place.kind} ${place.id}`;
  if (disputedSinceMs !== null) return 'it is frozen, because two places hold it';
  if (quarantine !== null) return `it is in quarantine: ${quarantine}`;
  if (hotSinceMs !== null || faultText !== null) return 'it is hot or faulty';
  // BMS and slot differ by some points: as much as a bill may be off without a flag.
  const measured = { ...context, socPercent: battery.soC + SOC_JUMP_PERCENT, sohPercent: battery.soH };
  return isIssuable(measured, surroundings) ? null : `it had ${battery.soC} % at ${battery.soH} % SOH`;
}
