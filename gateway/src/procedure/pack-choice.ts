import type { BmsReading } from '../ports/bms.ts';
import type { RackSlot } from '../ports/rack.ts';
import type { ProcedureConfig } from './procedure-config.ts';

/** A slot as the procedure may use it. */
export type UsableSlot = RackSlot & {
  /** Taken out of use by the station: unknown or hot pack, failed self-check, a command. */
  quarantined: boolean;
  /** Another bay's swap counts on it. */
  reserved: boolean;
};

/** May this pack be given to a truck now? Recalls and owners are the platform's part of the question. */
export function isIssuable(slot: UsableSlot, config: ProcedureConfig): boolean {
  const { pack } = slot;
  if (slot.quarantined || slot.reserved || slot.locked || slot.smoke || slot.doorOpen) return false;
  if (pack?.socPercent == null || pack.sohPercent == null || pack.packId === '') return false;
  if (pack.socPercent < config.targetSocPercent || pack.sohPercent < config.minSohPercent) return false;
  return pack.faultCodes.length === 0 && (pack.cellTmaxC ?? 0) < config.packTempCMax;
}

/** The reserved pack when it still stands where it should and may be issued, else the fullest other one of its type. */
export function choosePack(
  slots: readonly UsableSlot[],
  wanted: { packId: string; evseId: number; typeCode: string | null },
  config: ProcedureConfig,
): UsableSlot | null {
  const issuable = slots.filter(
    (slot) => isIssuable(slot, config) && (wanted.typeCode === null || slot.pack?.typeCode === wanted.typeCode),
  );
  const reserved = issuable.find((slot) => slot.pack?.packId === wanted.packId);
  if (reserved) return reserved;
  const bySoc = issuable.toSorted((a, b) => (b.pack?.socPercent ?? 0) - (a.pack?.socPercent ?? 0) || a.evseId - b.evseId);
  return bySoc[0] ?? null;
}

/** An empty slot fit to take the returned pack: chargers that work first, then the lowest number. */
export function chooseDeposit(slots: readonly UsableSlot[]): UsableSlot | null {
  const fit = slots.filter(
    (slot) => slot.pack === null && !slot.quarantined && !slot.reserved && !slot.locked && !slot.smoke && !slot.doorOpen,
  );
  return fit.toSorted((a, b) => Number(b.availablePowerW > 0) - Number(a.availablePowerW > 0) || a.evseId - b.evseId)[0] ?? null;
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
