import type { AlarmFigures } from '@corridor/protocols/http/alarm-figures';
import type { AlarmView } from '@corridor/protocols/http/scene';
import { sceneAt } from './fixture-scene.ts';

interface Asked {
  method: string;
  path: string;
  query: URLSearchParams;
}

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const BIN_MS = 10 * MINUTE_MS;
/** A quiet day with a flood at noon. */
const countOf = (bin: number): number => (bin >= 70 && bin <= 73 ? ([12, 18, 11, 6][bin - 70] ?? 0) : bin % 5 === 0 ? 1 : 0);

/** What the operations page asks beside the scene. */
export class FixtureOperations {
  private readonly startMs: number;

  constructor(startMs: number) {
    this.startMs = startMs;
  }

  /** null: not a route of operations. */
  answer({ method, path, query }: Asked): { status: number; body: unknown } | null {
    if (method !== 'GET') return null;
    if (path === '/api/v1/alarms') return { status: 200, body: { items: this.history(query), nextCursor: null } };
    if (path === '/api/v1/alarms/figures') return { status: 200, body: this.figures() };
    return null;
  }

  private history(query: URLSearchParams): AlarmView[] {
    const { alarms } = sceneAt(this.startMs, 1);
    const over = alarms.map((alarm, index) => ({
      ...alarm,
      id: `${alarm.id}-past`,
      state: 'ENDED' as const,
      raisedAt: this.iso((index + 3) * 47 * MINUTE_MS),
      clearedAt: this.iso((index + 3) * 47 * MINUTE_MS - 9 * MINUTE_MS),
      acknowledgedAt: this.iso((index + 3) * 47 * MINUTE_MS - 2 * MINUTE_MS),
      acknowledgedBy: 'demo-PF',
      acts: [],
    }));
    const level = query.get('level');
    return [...alarms, ...over].filter((alarm) => level === null || String(alarm.level) === level);
  }

  private figures(): AlarmFigures {
    const bins = Array.from({ length: DAY_MS / BIN_MS }, (_, bin) => countOf(bin));
    const raised = bins.reduce((sum, count) => sum + count, 0);
    const fromMs = this.startMs - DAY_MS;
    const point = (code: string, scope: string, scopeId: string) => ({ code, scope, scopeId });
    return {
      from: new Date(fromMs).toISOString(),
      until: new Date(this.startMs).toISOString(),
      raised,
      perTenMinutes: {
        mean: raised / bins.length,
        peak: 18,
        peakAt: new Date(fromMs + 71 * BIN_MS).toISOString(),
        floodRatio: 3 / bins.length,
      },
      binMs: BIN_MS,
      bins,
      floods: [
        {
          from: new Date(fromMs + 70 * BIN_MS).toISOString(),
          until: new Date(fromMs + 73 * BIN_MS).toISOString(),
          raised: 47,
          firstOut: { ...point('BLACKOUT', 'station', 'BD1'), id: 'A-1' },
        },
      ],
      byLevel: [
        { level: 3, raised: 2 },
        { level: 2, raised: 21 },
        { level: 1, raised: raised - 23 },
      ],
      top: [
        { ...point('CHARGER_DOWN', 'slot', 'BD1-3'), raised: 21 },
        { ...point('GATEWAY_OFFLINE', 'gateway', 'RC1'), raised: 9 },
        { ...point('CLOCK_SKEW', 'gateway', 'T012'), raised: 4 },
      ],
      chattering: [{ ...point('CHARGER_DOWN', 'slot', 'BD1-3'), raised: 21, perMinute: 4 }],
      standing: 4,
      staleCount: 1,
      stale: [{ ...point('SLOT_TWO_PACKS', 'slot', 'HH1-3'), id: 'A-4', since: this.iso(DAY_MS + 90 * MINUTE_MS) }],
      acknowledgedMedianMs: 4 * MINUTE_MS,
      neverAcknowledged: 7,
      isCut: false,
    };
  }

  private iso(agoMs: number): string {
    return new Date(this.startMs - agoMs).toISOString();
  }
}
