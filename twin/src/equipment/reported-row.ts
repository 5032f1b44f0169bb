import type { Presence } from '@corridor/protocols/http/equipment';
import type { Report } from '../projection/latest-reports.ts';
import type { LiveFacts } from '../projection/live-facts.ts';
import { presenceOf } from './presence.ts';

/** What packs and slots tell alike. */
interface Electric {
  readonly voltageV: number | null;
  readonly currentA: number | null;
  readonly powerW: number | null;
}

/** Values of the last report of one thing, each looked up when it is asked for: of 50,000 things a page needs few. */
export abstract class ReportedRow<Data extends Electric> {
  readonly id: string;
  protected readonly live: LiveFacts;

  constructor(id: string, live: LiveFacts) {
    this.id = id;
    this.live = live;
  }

  protected abstract get report(): Report<Data> | undefined;
  /** Station or truck whose gateway tells of it; null: nobody's. */
  protected abstract get sourceId(): string | null;

  get presence(): Presence {
    return presenceOf(this.report, this.sourceId, this.live);
  }
  get voltageV(): number | null {
    return this.report?.data.voltageV ?? null;
  }
  get currentA(): number | null {
    return this.report?.data.currentA ?? null;
  }
  get powerW(): number | null {
    return this.report?.data.powerW ?? null;
  }
  get reportedAt(): string | null {
    const { report } = this;
    return report === undefined ? null : new Date(report.atMs).toISOString();
  }
  get q(): string[] {
    return [...(this.report?.q ?? [])];
  }
}
