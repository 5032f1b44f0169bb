import { slotIdOf, swapIdOf } from '@corridor/protocols/ids';
import type { PackContext } from '../pack/pack.rules.ts';
import type { SlotContext } from '../slot/slot.rules.ts';
import type { StationContext } from '../station/station.rules.ts';
import { isUntouched, type SwapContext } from '../swap/swap.rules.ts';
import type { TruckContext } from '../truck/truck.rules.ts';
import { type EntityKind, type EntityRef, refOf } from './entity-ref.ts';
import type { Intent } from './input.ts';

/** Why an act of a person on a thing is not possible now: something else was true before it. */
export const ACT_REFUSALS = [
  'PACK_IN_SWAP',
  'PLACE_TAKEN',
  'ALREADY_THERE',
  'PACK_NOT_QUARANTINED',
  'SLOT_IN_USE',
  'SLOT_WITHDRAWN',
  'STATION_CLOSED',
  'STATION_NOT_CLOSED',
  'TRUCK_BLOCKED',
  'TRUCK_NOT_BLOCKED',
  /** The platform stopped it: its owner does not let it go on. */
  'STOPPED_BY_PLATFORM',
  /** By an order that was not paid: its repair or write-off ends that. */
  'BLOCKED_BY_ORDER',
  'SWAP_OVER',
  /** The pack of the truck is being unlocked, or farther: the only safe way is forward. */
  'SWAP_TOO_FAR',
] as const;
export type ActRefusal = (typeof ACT_REFUSALS)[number];

interface Refused {
  readonly code: ActRefusal;
  readonly detail: string;
}

/** Where the actors stand, between two steps. */
export interface ActorsView {
  view(ref: EntityRef): { value: unknown; context: unknown } | undefined;
  refs(kind: EntityKind): Iterable<string>;
}

type IntentOf<T extends Intent['type']> = Extract<Intent, { type: T }>;

/**
 * Whether an act is refused as things stand in its own step. Whoever asks cannot know that: what came before in the same batch is
 * committed only with it. About nobody nothing is refused.
 * @returns null when it is possible, or is no such act
 */
export function refuseAct(intent: Intent, actors: ActorsView, platformId: string): Refused | null {
  switch (intent.type) {
    case 'pack.correctCustody':
      return refuseMove(intent, actors);
    case 'pack.clear': {
      const pack = contextOf<PackContext>(refOf('pack', intent.packId), actors);
      const isClear = pack?.quarantine === null;
      return isClear ? { code: 'PACK_NOT_QUARANTINED', detail: `pack ${intent.packId} is not in quarantine` } : null;
    }
    case 'slot.setAside':
    case 'slot.return':
      return refuseSlotAct(intent, actors);
    case 'station.open':
    case 'station.close':
      return refuseStationAct(intent, actors, platformId);
    case 'truck.block':
    case 'truck.unblock':
      return refuseTruckAct(intent, actors, platformId);
    case 'swap.abort':
      return refuseAbort(intent, actors);
    default:
      return null;
  }
}

function refuseMove({ packId, kind, id }: IntentOf<'pack.correctCustody'>, actors: ActorsView): Refused | null {
  const pack = contextOf<PackContext>(refOf('pack', packId), actors);
  if (pack === null) return null;
  const swapId = swapMoving(packId, actors);
  if (swapId !== null) return { code: 'PACK_IN_SWAP', detail: `pack ${packId} is in swap ${swapId}, which moves it` };
  const holder =
    kind === 'STORE' ? null : contextOf<SlotContext | TruckContext>(kind === 'SLOT' ? refOf('slot', id) : refOf('truck', id), actors);
  const held = holder?.packId ?? null;
  if (held !== null && held !== packId) {
    return { code: 'PLACE_TAKEN', detail: `the books have pack ${held} there: say first where that one is` };
  }
  const isThere = pack.place.kind === kind && pack.place.id === id;
  // To say of a disputed pack that it is where the books have it ends the dispute.
  const isUndisputed = pack.disputedSinceMs === null;
  return isThere && isUndisputed ? { code: 'ALREADY_THERE', detail: `the books have pack ${packId} there` } : null;
}

/** A swap has its packs from the arrival of the truck until it ends; one that only waits for its truck moves nothing yet. */
function swapMoving(packId: string, actors: ActorsView): string | null {
  for (const swapId of actors.refs('swap')) {
    const swap = contextOf<SwapContext>(refOf('swap', swapId), actors);
    const isUnderWay = swap !== null && swap.bayId !== null && swap.endedAtMs === null;
    if (isUnderWay && (swap.issuePackId === packId || swap.returnPackId === packId)) return swapId;
  }
  return null;
}

function refuseSlotAct({ type, stationId, evseId }: IntentOf<'slot.setAside' | 'slot.return'>, actors: ActorsView): Refused | null {
  const slotId = slotIdOf(stationId, evseId);
  const slot = contextOf<SlotContext>(refOf('slot', slotId), actors);
  if (slot === null) return null;
  const isWithdrawn = slot.setAside || slot.quarantine !== null;
  if (type === 'slot.return') return isWithdrawn ? null : { code: 'SLOT_IN_USE', detail: `slot ${slotId} is in use` };
  return isWithdrawn ? { code: 'SLOT_WITHDRAWN', detail: `slot ${slotId} is out of use already` } : null;
}

function refuseStationAct(
  { type, stationId, partyId }: IntentOf<'station.open' | 'station.close'>,
  actors: ActorsView,
  platformId: string,
): Refused | null {
  const station = contextOf<StationContext>(refOf('station', stationId), actors);
  if (station === null) return null;
  if (type === 'station.close') return station.closed ? { code: 'STATION_CLOSED', detail: `station ${stationId} is closed already` } : null;
  if (!station.closed) return { code: 'STATION_NOT_CLOSED', detail: `nobody has closed station ${stationId}` };
  return refuseForeignStop(station.closedFor ?? null, partyId, platformId);
}

function refuseTruckAct(
  { type, truckId, partyId }: IntentOf<'truck.block' | 'truck.unblock'>,
  actors: ActorsView,
  platformId: string,
): Refused | null {
  const truck = contextOf<TruckContext>(refOf('truck', truckId), actors);
  if (truck === null) return null;
  const stoppedFor = truck.stoppedFor ?? null;
  if (type === 'truck.block') return stoppedFor === null ? null : { code: 'TRUCK_BLOCKED', detail: `truck ${truckId} is blocked already` };
  if (stoppedFor !== null) return refuseForeignStop(stoppedFor, partyId, platformId);
  if (truck.blockedFor === null) return { code: 'TRUCK_NOT_BLOCKED', detail: `nobody has blocked truck ${truckId}` };
  return {
    code: 'BLOCKED_BY_ORDER',
    detail: `an order of ${truckId} was not paid (${truck.blockedFor}): its repair or write-off ends that`,
  };
}

/** What the platform stopped, only it lets go on. */
const refuseForeignStop = (stoppedFor: string | null, partyId: string, platformId: string): Refused | null =>
  stoppedFor === platformId && partyId !== platformId
    ? { code: 'STOPPED_BY_PLATFORM', detail: 'the platform did this, and it ends it' }
    : null;

function refuseAbort({ stationId, requestId }: IntentOf<'swap.abort'>, actors: ActorsView): Refused | null {
  const swapId = swapIdOf(stationId, requestId);
  const swap = contextOf<SwapContext>(refOf('swap', swapId), actors);
  if (swap === null) return null;
  if (swap.endedAtMs !== null) return { code: 'SWAP_OVER', detail: `swap ${swapId} has ended` };
  return isUntouched(swap) ? null : { code: 'SWAP_TOO_FAR', detail: `swap ${swapId} has gone too far: the only safe way is forward` };
}

/** The type is that of the kind's actors: the network has no others. */
function contextOf<C>(ref: EntityRef, actors: ActorsView): C | null {
  return (actors.view(ref)?.context ?? null) as C | null;
}
