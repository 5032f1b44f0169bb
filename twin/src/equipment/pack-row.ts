import type { PackPlace } from '@corridor/actors/network/actor-event';
import type { EquipmentRow, SohEstimateView } from '@corridor/protocols/http/equipment';
import type { PackDefinition } from '@corridor/protocols/network-file';
import type { PackReport } from '../projection/latest-reports.ts';
import type { LiveFacts } from '../projection/live-facts.ts';
import { sourceOfPlace } from './presence.ts';
import { ReportedRow } from './reported-row.ts';

/** A pack as who sees all of it sees it. Each value is looked up when it is asked for: of 50,000 packs a page needs few. */
export class PackRow extends ReportedRow<PackReport['data']> implements EquipmentRow {
  readonly kind = 'pack';
  readonly ownerId: string;
  readonly place: PackPlace;
  readonly #estimateOf: (packId: string) => SohEstimateView | null;

  /** @param estimateOf as far as the caller may see it */
  constructor({ id, ownerId }: PackDefinition, place: PackPlace, live: LiveFacts, estimateOf: (packId: string) => SohEstimateView | null) {
    super(id, live);
    this.ownerId = ownerId;
    this.place = place;
    this.#estimateOf = estimateOf;
  }

  protected override get report(): PackReport | undefined {
    return this.live.reports.pack.get(this.id);
  }
  protected override get sourceId(): string | null {
    return sourceOfPlace(this.place);
  }
  get state(): string {
    return this.live.stateOf('pack', this.id);
  }
  get tempC(): number | null {
    return this.report?.data.cellTmaxC ?? null;
  }
  get energyWh(): number | null {
    return this.report?.data.energyWh ?? null;
  }
  get socPercent(): number | null {
    return this.report?.data.socPercent ?? null;
  }
  get sohPercent(): number | null {
    return this.report?.data.sohPercent ?? null;
  }
  get sohEstimate(): SohEstimateView | null {
    return this.#estimateOf(this.id);
  }
}
