import type { AlarmFigures } from '@corridor/protocols/http/alarm-figures';
import type { CommandView } from '@corridor/protocols/http/command-view';
import type { NotificationView } from '@corridor/protocols/http/notification-view';
import type { QueueView } from '@corridor/protocols/http/queue-view';
import type { AlarmView } from '@corridor/protocols/http/scene';
import { sceneAt } from './fixture-scene.ts';

interface Asked {
  method: string;
  body: string;
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
  /** What was sent and written, in order. */
  readonly acts: { path: string; body: unknown }[] = [];
  /** What the driver was written and has not read; null: the notices are those of operations. */
  private toDriver: readonly NotificationView[] | null = null;

  constructor(startMs: number) {
    this.startMs = startMs;
  }

  /** Served rather than intercepted in the browser: what a page asks past its service worker may miss an interception. */
  writeToDriver(notices: readonly NotificationView[] | null): void {
    this.toDriver = notices;
  }

  /** null: not a route of operations. */
  answer({ method, path, query, body }: Asked): { status: number; body: unknown } | null {
    if (method === 'POST' && (path === '/api/v1/commands' || path === '/api/v1/notifications')) {
      this.acts.push({ path, body: JSON.parse(body) as unknown });
      return { status: 202, body: path.endsWith('commands') ? this.commands()[0] : this.messages()[0] };
    }
    const read = /^\/api\/v1\/notifications\/([^/]+)\/read$/.exec(path)?.[1];
    if (method === 'POST' && read !== undefined) return this.read(path, read);
    if (method !== 'GET') return null;
    if (path === '/api/v1/queues') return { status: 200, body: { items: this.queues() } };
    if (path === '/api/v1/commands') {
      const verb = query.get('verb');
      const items = verb === 'slot.availability' ? [this.pendingAside(query)] : this.commands();
      return { status: 200, body: { items, nextCursor: null } };
    }
    if (path.startsWith('/api/v1/commands/')) return { status: 200, body: this.commands()[0] };
    if (path === '/api/v1/notifications') return { status: 200, body: { items: this.toDriver ?? this.messages(), nextCursor: null } };
    if (path === '/api/v1/alarms') return { status: 200, body: { items: this.history(query), nextCursor: null } };
    if (path === '/api/v1/alarms/figures') return { status: 200, body: this.figures() };
    return null;
  }

  private read(path: string, no: string): { status: number; body: unknown } | null {
    const notice = this.toDriver?.find((each) => each.no === no);
    if (notice === undefined) return null;
    this.acts.push({ path, body: {} });
    this.toDriver = this.toDriver?.filter((each) => each !== notice) ?? null;
    return { status: 200, body: notice };
  }

  private history(query: URLSearchParams): AlarmView[] {
    const { alarms } = sceneAt(this.startMs, 1);
    const over = alarms.map((alarm, index) => ({
      ...alarm,
      id: `${alarm.id}-past`,
      state: 'ENDED' as const,
      raisedAt: this.iso((index + 3) * 47 * MINUTE_MS),
      escalatedAt: null,
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

  private queues(): QueueView[] {
    const waiting = { truckId: 'T007', plate: '冀J10007D', position: 1, since: this.iso(7 * MINUTE_MS), reservedPackId: 'LFP350-0005' };
    const coming = {
      truckId: 'T012',
      plate: '冀J10012D',
      etaAt: this.iso(-18 * MINUTE_MS),
      distanceM: 21_400,
      socPercent: 31,
      reservedPackId: null,
      packsLeft: 0,
    };
    return sceneAt(this.startMs, 1).stations.map(({ id, readyPacks }) => ({
      stationId: id,
      readyNow: readyPacks,
      waiting: id === 'BD1' ? [waiting] : [],
      underWay: id === 'BD1' ? [coming] : [],
      nextReady: [{ evseId: 2, packId: 'LFP350-0009', at: this.iso(-11 * MINUTE_MS) }],
    }));
  }

  private commands(): CommandView[] {
    const base = {
      source: 'station',
      sourceId: 'BD1',
      subject: 'evs.v1.live.station.BD1.cmd.charge.setpoint',
      orderId: null,
      issuedBy: 'ops',
      expiresAt: this.iso(0),
      repliedAt: this.iso(MINUTE_MS),
      endedAt: this.iso(MINUTE_MS),
    };
    return [
      {
        ...base,
        id: 'c-1',
        verb: 'charge.setpoint',
        args: { evseId: 3, powerW: 60_000, holdMs: 7_200_000 },
        state: 'DONE',
        detail: 'ACCEPTED',
        note: 'peak price',
        issuedAt: this.iso(2 * MINUTE_MS),
      },
      {
        ...base,
        id: 'c-2',
        verb: 'slot.unlock',
        args: { evseId: 4 },
        state: 'REJECTED',
        detail: 'SLOT_IN_USE',
        note: 'latch checked',
        issuedAt: this.iso(9 * MINUTE_MS),
      },
    ];
  }

  /** The station has not been heard since. */
  private pendingAside(query: URLSearchParams): CommandView {
    const [sent] = this.commands();
    if (sent === undefined) throw new Error('no command to copy');
    const args = { evseId: Number(query.get('evseId')), operationalStatus: 'INOPERATIVE' };
    const sourceId = query.get('id') ?? sent.sourceId;
    const unanswered = { detail: null, repliedAt: null, endedAt: null };
    return { ...sent, ...unanswered, id: 'c-aside', sourceId, verb: 'slot.availability', args, state: 'PENDING', note: 'latch worn' };
  }

  private messages(): NotificationView[] {
    const base = {
      sentFor: 'PF',
      readAt: null,
      readBy: null,
      answer: null,
      answeredAt: null,
      answeredBy: null,
      isReceived: false,
      notice: null,
    };
    return [
      {
        ...base,
        no: '3',
        to: 'truck:T012',
        title: '请前往 HJ1 换电',
        text: 'BD1 排队较长。',
        at: this.iso(3 * MINUTE_MS),
        sentBy: 'ops',
        stationId: 'HJ1',
        shown: 'DONE',
        readAt: this.iso(2 * MINUTE_MS),
        readBy: 'demo-D012',
        answer: 'ACCEPTED',
        answeredAt: this.iso(2 * MINUTE_MS),
        answeredBy: 'demo-D012',
      },
      {
        ...base,
        no: '2',
        to: 'principal:PF',
        title: 'Bill flagged',
        text: 'Order O-1 at BD1 was billed and is flagged SOC_JUMP: see its measured values.',
        notice: { code: 'BILL_FLAGGED', orderId: 'O-1', stationId: 'BD1', reason: 'SOC_JUMP' },
        at: this.iso(40 * MINUTE_MS),
        sentBy: null,
        sentFor: null,
        stationId: null,
        shown: null,
        isReceived: true,
      },
    ];
  }

  private iso(agoMs: number): string {
    return new Date(this.startMs - agoMs).toISOString();
  }
}
