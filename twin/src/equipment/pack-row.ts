import type { PackPlace } from '@corridor/actors/network/actor-event';
import type { EquipmentRow, Presence, SohEstimateView } from '@corridor/protocols/http/equipment';
import type { PackDefinition } from '@corridor/protocols/network-file';
import type { PackReport } from '../projection/latest-reports.ts';
import type { LiveFacts } from '../projection/live-facts.ts';
import { presenceOf, sourceOfPlace } from './presence.ts';

/** A pack as who sees all of it sees it. Each value is looked up when it is asked for: of 50,000 packs a page needs few. */
export class PackRow implements EquipmentRow {
  readonly kind = 'pack';
  readonly id: string;
  readonly ownerId: string;
  readonly place: PackPlace;
  readonly #live: LiveFacts;
  readonly #estimateOf: (packId: string) => SohEstimateView | null;

  /** @param estimateOf as far as the caller may see it */
  constructor({ id, ownerId }: PackDefinition, place: PackPlace, live: LiveFacts, estimateOf: (packId: string) => SohEstimateView | null) {
    this.id = id;
    this.ownerId = ownerId;
    this.place = place;
    this.#live = live;
    this.#estimateOf = estimateOf;
  }

  get #report(): PackReport | undefined {
    return this.#live.reports.pack.get(this.id);
  }
  get state(): string {
    return this.#live.stateOf('pack', this.id);
  }
  get presence(): Presence {
    return presenceOf(this.#report, sourceOfPlace(this.place), this.#live);
  }
  get tempC(): number | null {
    return this.#report?.data.cellTmaxC ?? null;
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
    return this.#report?.data.energyWh ?? null;
  }
  get socPercent(): number | null {
    return this.#report?.data.socPercent ?? null;
  }
  get sohPercent(): number | null {
    return this.#report?.data.sohPercent ?? null;
  }
  get sohEstimate(): SohEstimateView | null {
    return this.#estimateOf(this.id);
  }
  get reportedAt(): string | null {
    const report = this.#report;
    return report === undefined ? null : new Date(report.atMs).toISOString();
  }
  get q(): string[] {
    return [...(this.#report?.q ?? [])];
  }
}
