import type { Motion } from '@corridor/gateway/ports/robot';
import type { UsableSlot } from '@corridor/gateway/procedure/pack-choice';
import { violated } from '@corridor/protocols/assert';
import type { GatewayInventory } from '@corridor/protocols/evt/gateway';
import { type FullPack, readBms } from './full-units.ts';

type Writable<T> = { -readonly [Key in keyof T]: T[Key] };

/** Slots that a swap under way counts on; null: none. */
interface SlotsMeant {
  readonly depositEvseId: number | null;
  readonly issueEvseId: number | null;
}

/** The rack of a station: which pack stands in which slot, and what the procedure may use. */
export class FullRack {
  /** By slot number less one. */
  readonly packs: (FullPack | null)[];
  readonly slots: readonly Writable<UsableSlot>[];
  readonly #stationId: string;
  /** Those of them that other bays than the one asked for last count on. */
  readonly #reserved: Writable<UsableSlot>[] = [];

  constructor(stationId: string, slots: number, chargerPowerW: number) {
    this.#stationId = stationId;
    this.packs = Array.from({ length: slots }, () => null);
    this.slots = Array.from({ length: slots }, (_, index) => emptySlot(index + 1, chargerPowerW));
  }

  /** @param but the swap that asks   @param swaps of all bays */
  reserveFor(swaps: readonly SlotsMeant[], but: SlotsMeant): void {
    for (let slot = this.#reserved.pop(); slot !== undefined; slot = this.#reserved.pop()) slot.reserved = false;
    for (const swap of swaps) {
      if (swap === but) continue;
      this.#reserve(swap.depositEvseId);
      this.#reserve(swap.issueEvseId);
    }
  }

  packAt(evseId: number): FullPack | null {
    return this.packs[evseId - 1] ?? null;
  }

  take(evseId: number): FullPack {
    const pack = this.packAt(evseId);
    if (pack === null) violated(`${this.#stationId}-${evseId} is empty`);
    this.packs[evseId - 1] = null;
    this.#slot(evseId).pack = null;
    return pack;
  }

  put(evseId: number, pack: FullPack): void {
    if (this.packs[evseId - 1] !== null) violated(`${this.#stationId}-${evseId} is taken by ${this.packAt(evseId)?.id}`);
    this.packs[evseId - 1] = pack;
    this.#slot(evseId).pack = readBms(pack);
  }

  setQuarantined(evseId: number, isQuarantined: boolean): void {
    this.#slot(evseId).quarantined = isQuarantined;
  }

  isQuarantined(evseId: number): boolean {
    return this.#slot(evseId).quarantined;
  }

  /** Slot of the fullest pack of those in use, else of those out of use; null: there is none. @param but packs that nobody may take */
  fullest(but: ReadonlySet<string>): number | null {
    let best: { evseId: number; isOut: boolean; contentWh: number } | null = null;
    for (const { evseId, quarantined: isOut } of this.slots) {
      const pack = this.packAt(evseId);
      if (pack === null || but.has(pack.id)) continue;
      const { contentWh } = pack;
      if (best === null || (isOut === best.isOut ? contentWh > best.contentWh : best.isOut)) best = { evseId, isOut, contentWh };
    }
    return best?.evseId ?? null;
  }

  /** What its gateway tells of it. */
  inventory(): GatewayInventory['data'] {
    return {
      slots: this.slots.map(({ evseId, quarantined, pack }) => ({
        evseId,
        slotState: quarantined ? ('UNAVAILABLE' as const) : pack === null ? ('EMPTY' as const) : ('HOLDS_PACK' as const),
        packId: pack?.packId ?? null,
        socPercent: pack?.socPercent ?? null,
        sohPercent: pack?.sohPercent ?? null,
      })),
    };
  }

  #reserve(evseId: number | null): void {
    if (evseId === null) return;
    const slot = this.#slot(evseId);
    slot.reserved = true;
    this.#reserved.push(slot);
  }

  #slot(evseId: number): Writable<UsableSlot> {
    const slot = this.slots[evseId - 1];
    if (slot === undefined) violated(`${this.#stationId} has no slot ${evseId}`);
    return slot;
  }
}

const emptySlot = (evseId: number, chargerPowerW: number): Writable<UsableSlot> => ({
  evseId,
  pack: null,
  chargingState: 'IDLE',
  setpointW: 0,
  powerW: 0,
  voltageV: null,
  currentA: null,
  meterWh: 0,
  gridRegisterWh: 0,
  pvRegisterWh: 0,
  availablePowerW: chargerPowerW,
  plugTempC: null,
  smoke: false,
  doorOpen: false,
  locked: false,
  quarantined: false,
  reserved: false,
  // Plans have no remote orders.
  promised: false,
});

/** The slot that a motion is about. */
export function slotOf(motion: Motion, evseId: number | null): number {
  if (evseId === null) violated(`${motion} without a slot`);
  return evseId;
}
