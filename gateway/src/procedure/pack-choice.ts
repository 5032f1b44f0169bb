import type { BmsReading } from '../ports/bms.ts';
import type { RackSlot } from '../ports/rack.ts';
import type { ProcedureConfig } from './procedure-config.ts';

/** A slot as the procedure may use it. */
export type UsableSlot = RackSlot & {
  /** Taken out of use by the station: unknown or hot pack, failed self-check, a command. */
  quarantined: boolean;
  /** Another bay's swap counts on it. */
  reserved: boolean;
  /** Its pack is kept for a truck that has not come yet. */
  promised: boolean;
};

/** May this pack be given to a truck now? Recalls and owners are the platform's part of the question. */
export function isIssuable(slot: UsableSlot, config: ProcedureConfig): boolean {
  const { pack } = slot;
  if (slot.quarantined || slot.reserved || slot.locked || slot.smoke || slot.doorOpen) return false;
  if (pack?.socPercent == null || pack.sohPercent == null || pack.packId === '') return false;
  if (pack.socPercent < config.targetSocPercent || pack.sohPercent < config.minSohPercent) return false;
  return pack.faultCodes.length === 0 && (pack.cellTmaxC ?? 0) < config.packTempCMax;
}

/** Which pack a truck is to get, and which not. */
export interface WantedPack {
  packId: string;
  evseId: number;
  /** null: any */
  typeCode: string | null;
  /** The truck's own old pack, which is never given back to it, however full it is. */
  notPackId?: string | null;
}

/**
 * The reserved pack when it still stands where it should and may be issued, else the fullest other one of its type that is kept for
 * nobody. Who may have one that is kept for him has it as his reserved one.
 */
export function choosePack(slots: readonly UsableSlot[], wanted: WantedPack, config: ProcedureConfig): UsableSlot | null {
  return reservedPack(slots, wanted, config) ?? fullestOther(slots, wanted, config, 'KEPT_FOR_NOBODY');
}

/**
 * For a truck whose old pack is in the rack already: where nothing else is left also one that is kept for another. Without any it would
 * stand in the bay, and whom it is kept for behind it.
 */
export function choosePackForBare(slots: readonly UsableSlot[], wanted: WantedPack, config: ProcedureConfig): UsableSlot | null {
  return choosePack(slots, wanted, config) ?? fullestOther(slots, wanted, config, 'ANY');
}

function reservedPack(slots: readonly UsableSlot[], wanted: WantedPack, config: ProcedureConfig): UsableSlot | null {
  const { packId } = wanted;
  if (packId === wanted.notPackId) return null;
  const isMeant = (slot: UsableSlot) => slot.pack?.packId === packId && isOfType(slot.pack, wanted) && isIssuable(slot, config);
  const promised = slotAt(slots, wanted.evseId);
  return promised !== null && isMeant(promised) ? promised : (slots.find(isMeant) ?? null);
}

/** A slot by its number: as a rule they stand in that order without a gap, and none of the others is looked at. null: there is none */
export function slotAt(slots: readonly UsableSlot[], evseId: number | null): UsableSlot | null {
  if (evseId === null) return null;
  const slot = slots[evseId - 1];
  return slot?.evseId === evseId ? slot : (slots.find((each) => each.evseId === evseId) ?? null);
}

/** Where a pack stands: nearly always where it was promised. null: nowhere */
export function slotOfPack(slots: readonly UsableSlot[], { packId, evseId }: Pick<WantedPack, 'packId' | 'evseId'>): UsableSlot | null {
  const promised = slotAt(slots, evseId);
  if (promised?.pack?.packId === packId) return promised;
  return slots.find((slot) => slot.pack?.packId === packId) ?? null;
}

function fullestOther(
  slots: readonly UsableSlot[],
  wanted: WantedPack,
  config: ProcedureConfig,
  of: 'KEPT_FOR_NOBODY' | 'ANY',
): UsableSlot | null {
  let best: UsableSlot | null = null;
  for (const slot of slots) {
    const { pack } = slot;
    if (pack === null || pack.packId === wanted.notPackId || pack.packId === wanted.packId) continue;
    if (slot.promised && of !== 'ANY') continue;
    if (isFuller(slot, best) && isIssuable(slot, config) && isOfType(pack, wanted)) best = slot;
  }
  return best;
}

const isOfType = ({ typeCode }: BmsReading, wanted: WantedPack): boolean => wanted.typeCode === null || typeCode === wanted.typeCode;

/** Packs that tell no charge are not issued: whichever they count as. */
function isFuller(one: UsableSlot, other: UsableSlot | null): boolean {
  if (other === null) return true;
  const lead = (one.pack?.socPercent ?? 0) - (other.pack?.socPercent ?? 0);
  return lead > 0 || (lead === 0 && one.evseId < other.evseId);
}

/** An empty slot fit to take the returned pack: chargers that work first, then the lowest number. */
export function chooseDeposit(slots: readonly UsableSlot[]): UsableSlot | null {
  let best: UsableSlot | null = null;
  for (const slot of slots) {
    if (slot.pack !== null || slot.quarantined || slot.reserved || slot.locked || slot.smoke || slot.doorOpen) continue;
    if (best === null || isBetterDeposit(slot, best)) best = slot;
  }
  return best;
}

function isBetterDeposit(one: UsableSlot, other: UsableSlot): boolean {
  const [works, otherWorks] = [one.availablePowerW > 0, other.availablePowerW > 0];
  return works === otherWorks ? one.evseId < other.evseId : works;
}

/** Why a returned pack's slot must be quarantined; null = the pack is sound and the expected one. */
export function returnedPackProblem(
  pack: BmsReading | null,
  smoke: boolean,
  expectedPackId: string | null,
  config: ProcedureConfig,
): 'NO_HANDSHAKE' | 'BATTERY_UNKNOWN' | 'PACK_HOT' | 'SMOKE' | null {
  if (smoke) return 'SMOKE';
  if (!pack || pack.packId === '') return 'NO_HANDSHAKE';
  if ((pack.cellTmaxC ?? 0) >= config.packTempCMax) return 'PACK_HOT';
  return pack.packId === expectedPackId ? null : 'BATTERY_UNKNOWN';
}
