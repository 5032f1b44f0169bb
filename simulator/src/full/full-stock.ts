import type { UsableSlot } from '@corridor/gateway/procedure/pack-choice';
import { violated } from '@corridor/protocols/assert';
import type { GatewayInventory } from '@corridor/protocols/evt/gateway';
import { slotIdOf } from '@corridor/protocols/ids';
import type { StationMeasures } from '../measures/measures.ts';
import type { FloorRack } from './bay-floor.ts';
import type { CorridorTwin } from './corridor-twin.ts';
import type { FullBay } from './full-bay.ts';
import type { FullChargers } from './full-chargers.ts';
import { FullRack } from './full-rack.ts';
import type { FullStation } from './full-station.ts';
import type { FullPack } from './full-units.ts';
import type { GatewayFaults } from './gateway-faults.ts';
import type { RunTime } from './run-time.ts';
import type { StationStaff } from './station-staff.ts';

export interface FullStockOptions {
  station: FullStation;
  slots: number;
  measures: StationMeasures;
  time: RunTime;
  staff: StationStaff;
  reports: GatewayFaults;
  twin: () => CorridorTwin;
  chargers: () => FullChargers;
  /** One pack more may be given out. */
  oneMoreIsReady: () => void;
}

/** The packs in a station's rack: which may be given out, which are promised, which nobody may use until somebody has looked at them. */
export class FullStock implements FloorRack {
  /** Charged packs in the rack less those that trucks in bays were promised: below 0 while a promised one proved bad. */
  readonly ready = { length: 0 };
  /** Packs that became ready so far: their order. */
  #readied = 0;
  readonly #options: FullStockOptions;
  readonly #rack: FullRack;

  constructor(options: FullStockOptions) {
    this.#options = options;
    const { id, plan } = options.station;
    this.#rack = new FullRack(id, options.slots, plan.chargerPowerW);
  }

  /** By slot number less one. */
  get packs(): readonly (FullPack | null)[] {
    return this.#rack.packs;
  }

  /** What the gateway tells of its rack. */
  inventory(): GatewayInventory['data'] {
    return this.#rack.inventory();
  }

  /** On the first day. */
  begin(pack: FullPack, evseId: number): void {
    this.#put(pack, evseId);
    this.#note(pack);
    this.ready.length += 1;
  }

  /** The rack as this bay may use it. */
  slotsFor(bay: FullBay): readonly UsableSlot[] {
    const { bays } = this.#options.station;
    if (bays.length > 1) this.#rack.reserveFor(bays, bay);
    return this.#rack.slots;
  }

  isFull(pack: FullPack): void {
    this.#note(pack);
    this.#count(1);
    this.#options.oneMoreIsReady();
  }

  /** A truck in a bay is promised one. */
  promise(): void {
    this.#count(-1);
  }

  /** It leaves without: the pack stands there still. */
  promiseOver(): void {
    this.#count(1);
  }

  pick(evseId: number): FullPack {
    const pack = this.#rack.take(evseId);
    pack.uses += 1;
    this.#options.measures.issuedWh += pack.contentWh;
    return pack;
  }

  place(evseId: number, pack: FullPack): void {
    this.#options.measures.returnedWh += pack.contentWh;
    pack.readied = Number.POSITIVE_INFINITY;
    this.#put(pack, evseId);
  }

  putBack(evseId: number, pack: FullPack): void {
    this.#options.measures.issuedWh -= pack.contentWh;
    pack.uses -= 1;
    pack.readied = Number.POSITIVE_INFINITY;
    this.#put(pack, evseId);
    // Its truck was promised one, and has none.
    this.#count(-1);
  }

  /** It stands in its slot, and the platform knows. */
  placed(evseId: number): void {
    if (!this.#rack.isQuarantined(evseId)) this.#charge(evseId);
  }

  stopCharging(evseId: number): void {
    const pack = this.#rack.packAt(evseId);
    // It was full but for the rounding of its BMS: the one that the truck was promised stays.
    if (pack !== null && this.#options.chargers().stop(pack)) this.isFull(pack);
  }

  /** Neither charged nor given out until somebody has looked at it. */
  quarantine(evseId: number): void {
    if (this.#rack.isQuarantined(evseId)) return;
    this.#rack.setQuarantined(evseId, true);
    this.#tellSlot(evseId, 'UNAVAILABLE');
    const pack = this.#rack.packAt(evseId);
    if (pack !== null && isReady(pack)) {
      pack.readied = Number.POSITIVE_INFINITY;
      this.#count(-1);
    }
    this.#options.staff.comeToSlot(evseId, () => {
      this.#lift(evseId);
      if (this.#rack.packAt(evseId) !== null) this.#charge(evseId);
    });
  }

  /** People look for a pack for the truck that blocks a bay: the fullest that no other swap moves, as the platform has it. @returns null: none may be taken now, and they will come again */
  takeByHand(bay: FullBay): FullPack | null {
    const { staff, chargers, station } = this.#options;
    const inSwaps = new Set(station.bays.flatMap((other) => (other === bay ? [] : other.packsInSwap)));
    const evseId = this.#rack.fullest(inSwaps);
    if (evseId === null) {
      staff.comeToBay(bay, { kind: 'CLEAR_BAY', reasonCode: 'NO_BATTERY_AVAILABLE' });
      return null;
    }
    if (this.#rack.isQuarantined(evseId)) this.#lift(evseId);
    const pack = this.#rack.take(evseId);
    chargers().stop(pack);
    pack.uses += 1;
    if (isReady(pack)) this.#count(-1);
    return pack;
  }

  /** Somebody has looked at a slot and its pack, and confirms it at the station. */
  #lift(evseId: number): void {
    const { staff, reports, station } = this.#options;
    this.#rack.setQuarantined(evseId, false);
    staff.slotDone(evseId);
    const slotId = slotIdOf(station.id, evseId);
    const pack = this.#rack.packAt(evseId);
    reports.clear(({ scope, scopeId }) => (scope === 'slot' && scopeId === slotId) || (scope === 'pack' && scopeId === pack?.id));
    this.#tellSlot(evseId, pack === null ? 'EMPTY' : 'HOLDS_PACK');
  }

  #charge(evseId: number): void {
    const { chargers, station } = this.#options;
    const pack = this.#rack.packAt(evseId);
    if (pack === null) violated(`${station.id}-${evseId} got no pack`);
    chargers().charge(pack, evseId);
    chargers().ask();
  }

  #tellSlot(evseId: number, state: 'EMPTY' | 'HOLDS_PACK' | 'UNAVAILABLE'): void {
    const { twin, station, time } = this.#options;
    twin().slotState(slotIdOf(station.id, evseId), state, time.nowMs);
  }

  #count(by: 1 | -1): void {
    const { measures, time } = this.#options;
    measures.passTo(time.nowMs);
    measures.levels.readyPacks += by;
    this.ready.length += by;
  }

  #note(pack: FullPack): void {
    this.#readied += 1;
    pack.readied = this.#readied;
  }

  #put(pack: FullPack, evseId: number): void {
    pack.station = this.#options.station;
    this.#rack.put(evseId, pack);
  }
}

const isReady = ({ readied }: FullPack): boolean => readied !== Number.POSITIVE_INFINITY;
