import type { EquipmentRow } from '@corridor/protocols/http/equipment';
import { slotIdOf } from '@corridor/protocols/ids';
import type { StationDefinition } from '@corridor/protocols/network-file';
import type { SlotReport } from '../projection/latest-reports.ts';
import type { LiveFacts } from '../projection/live-facts.ts';
import { packInSlot } from '../projection/slot-view.ts';
import { ReportedRow } from './reported-row.ts';

/** A slot as who sees it sees it. Each value is looked up when it is asked for: of 50,000 slots a page needs few. */
export class SlotRow extends ReportedRow<SlotReport['data']> implements EquipmentRow {
  readonly kind = 'slot';
  readonly sohPercent = null;
  readonly sohEstimate = null;
  readonly #station: StationDefinition;

  constructor(station: StationDefinition, evseId: number, live: LiveFacts) {
    super(slotIdOf(station.id, evseId), live);
    this.#station = station;
  }

  protected override get report(): SlotReport | undefined {
    return this.live.reports.slot.get(this.id);
  }
  get stationId(): string {
    return this.#station.id;
  }
  get packId(): string | null {
    return packInSlot(this.id, this.live);
  }
  get ownerId(): string {
    return this.#station.operatorId;
  }
  get place(): EquipmentRow['place'] {
    return { kind: 'STATION', id: this.#station.id };
  }
  protected override get sourceId(): string | null {
    return this.#station.id;
  }
  get state(): string {
    return this.live.stateOf('slot', this.id);
  }
  get tempC(): number | null {
    return this.report?.data.plugTempC ?? null;
  }
  get energyWh(): number | null {
    return this.report?.data.meterWh ?? null;
  }
  get socPercent(): number | null {
    const { packId } = this;
    return packId === null ? null : (this.live.reports.pack.get(packId)?.data.socPercent ?? null);
  }
}
