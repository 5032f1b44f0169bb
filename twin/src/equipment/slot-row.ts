import type { EquipmentRow, Presence } from '@corridor/protocols/http/equipment';
import { slotIdOf } from '@corridor/protocols/ids';
import type { StationDefinition } from '@corridor/protocols/network-file';
import type { SlotReport } from '../projection/latest-reports.ts';
import type { LiveFacts } from '../projection/live-facts.ts';
import { packInSlot } from '../projection/slot-view.ts';
import { presenceOf } from './presence.ts';

/** A slot as who sees it sees it. Each value is looked up when it is asked for: of 50,000 slots a page needs few. */
export class SlotRow implements EquipmentRow {
  readonly kind = 'slot';
  readonly id: string;
  readonly sohPercent = null;
  readonly sohEstimate = null;
  readonly #station: StationDefinition;
  readonly #live: LiveFacts;

  constructor(station: StationDefinition, evseId: number, live: LiveFacts) {
    this.id = slotIdOf(station.id, evseId);
    this.#station = station;
    this.#live = live;
  }

  get #report(): SlotReport | undefined {
    return this.#live.reports.slot.get(this.id);
  }
  get stationId(): string {
    return this.#station.id;
  }
  get packId(): string | null {
    return packInSlot(this.id, this.#live);
  }
  get ownerId(): string {
    return this.#station.operatorId;
  }
  get place(): EquipmentRow['place'] {
    return { kind: 'STATION', id: this.#station.id };
  }
  get state(): string {
    return this.#live.stateOf('slot', this.id);
  }
  get presence(): Presence {
    return presenceOf(this.#report, this.#station.id, this.#live);
  }
  get tempC(): number | null {
    return this.#report?.data.plugTempC ?? null;
  }
  get voltageV(): number | null {
    return this.#report?.data.voltageV ?? null;
  }
  get currentA(): number | null {
    return this.#report?.data.currentA ?? null;
  }
  get powerW(): number | null {
    return this.#report?.data.powerW ?? null;
  }
  get energyWh(): number | null {
    return this.#report?.data.meterWh ?? null;
  }
  get socPercent(): number | null {
    const { packId } = this;
    return packId === null ? null : (this.#live.reports.pack.get(packId)?.data.socPercent ?? null);
  }
  get reportedAt(): string | null {
    const report = this.#report;
    return report === undefined ? null : new Date(report.atMs).toISOString();
  }
  get q(): string[] {
    return [...(this.#report?.q ?? [])];
  }
}
