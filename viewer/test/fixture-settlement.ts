import type { Statement } from '../src/feed/money-api.ts';
import type {
  AbnormalOrder,
  ClearingShare,
  Dispute,
  DisputedBill,
  FullStatement,
  Reconciliation,
  RerateRow,
  Rerating,
} from '../src/feed/settlement-api.ts';
import { billOf } from './fixture-documents.ts';
import { sceneAt } from './fixture-scene.ts';

interface Answer {
  status: number;
  body: unknown;
}
interface Asked {
  method: string;
  path: string;
  query: URLSearchParams;
  body: string;
  principalId: string;
}

const DAY_MS = 86_400_000;
const ABNORMAL_ID = 'O-PAST-BAD';
const PLATFORM = 'PF';
const ok = (body: unknown, status = 200): Answer => ({ status, body });
const refused = (status: number, code: string): Answer => ({ status, body: { status, code, title: code, type: 'about:blank' } });
const page = (items: readonly unknown[]): Answer => ok({ items, nextCursor: null });

/** Clearing, statements, disputes, re-rating and what the platform looks after, as the twin would answer. */
export class FixtureSettlement {
  /** What was asked to be done, in order. */
  readonly acts: { path: string; body: unknown }[] = [];
  private readonly startMs: number;
  private readonly disputes: Dispute[] = [];
  private abnormalState = 'ABNORMAL';
  private compared = false;

  constructor(startMs: number) {
    this.startMs = startMs;
  }

  /** null: not a route of settlement. */
  answer({ method, path, query, body, principalId }: Asked): Answer | null {
    const asked = body === '' ? {} : (JSON.parse(body) as Record<string, unknown>);
    if (method === 'POST') return this.act(path, asked, principalId);
    if (path === '/api/v1/clearing') return page(this.shares(principalId === PLATFORM ? query.get('principalId') : principalId));
    if (path === '/api/v1/statements') return page([principalId === 'BO1' ? this.dueStatement() : this.statement()]);
    if (path === '/api/v1/statements/ST-1') return ok(this.fullStatement());
    if (path === '/api/v1/disputes') return page(this.disputes.filter(({ state }) => (query.get('state') ?? state) === state));
    if (path === '/api/v1/re-ratings/R1') return ok(this.rerating('DONE'));
    if (path.startsWith('/api/v1/payments/reconciliations/'))
      return this.compared ? ok(this.reconciliation(path)) : refused(404, 'NOT_FOUND');
    if (path === '/api/v1/orders' && query.get('state') === 'ABNORMAL')
      return page(this.abnormalState === 'ABNORMAL' ? [this.abnormal().order] : []);
    return path === `/api/v1/orders/${ABNORMAL_ID}/abnormal` ? ok(this.abnormal()) : null;
  }

  /** As if another person had raised what is in dispute. */
  raisedAs(userId: string): void {
    for (const dispute of this.disputes) dispute.raisedBy = userId;
  }

  private act(path: string, asked: Record<string, unknown>, principalId: string): Answer | null {
    const done = (answer: Answer): Answer => {
      this.acts.push({ path, body: asked });
      return answer;
    };
    const [, billed, billId = ''] = /^\/api\/v1\/(orders|charges)\/([^/]+)\/dispute$/.exec(path) ?? [];
    if (billed !== undefined) {
      const id = decodeURIComponent(billId);
      const bill: DisputedBill = billed === 'orders' ? { orderId: id, chargeId: null } : { orderId: null, chargeId: id };
      return done(this.raise(bill, String(asked['reason']), principalId));
    }
    const [, disputeId, verb] = /^\/api\/v1\/disputes\/([^/]+)\/([a-z]+)$/.exec(path) ?? [];
    const dispute = this.disputes.find(({ id }) => id === disputeId);
    if (dispute !== undefined && verb === 'decision') {
      Object.assign(dispute, { state: asked['outcome'], decision: asked['decision'], decidedAt: this.at(), decidedBy: 'ops' });
      return done(ok(dispute));
    }
    if (path === '/api/v1/re-ratings') return done(ok(this.rerating('RUNNING'), 202));
    if (path.startsWith('/api/v1/payments/reconciliations/')) {
      this.compared = true;
      return done(ok(this.reconciliation(path), 201));
    }
    if (path !== `/api/v1/orders/${ABNORMAL_ID}/repair` && path !== `/api/v1/orders/${ABNORMAL_ID}/write-off`) return null;
    this.abnormalState = path.endsWith('/repair') ? 'REPAIRED' : 'WRITTEN_OFF';
    return done(ok(this.abnormal().order));
  }

  private at(days = 0): string {
    return new Date(this.startMs - days * DAY_MS).toISOString();
  }

  private shares(principalId: string | null): ClearingShare[] {
    const { lines, clearing } = billOf('O-1001');
    const made = clearing.map((share): ClearingShare => {
      const own = lines.filter(({ beneficiaryId }) => beneficiaryId === share.principalId);
      return { ...share, orderId: 'O-1001', correctionId: null, stationId: 'HH1', at: this.at(), lines: own };
    });
    const paid = { orderId: 'O-1001', correctionId: null, principalId: 'C1', role: 'CARRIER', stationId: 'HH1', at: this.at() };
    if (principalId === 'C1') return [{ ...paid, grossFen: '-28900', commissionFen: '0', netFen: '-28900', lines }];
    return made.filter((share) => principalId === null || share.principalId === principalId);
  }

  private statement(): Statement {
    const span = { from: this.at(1), until: this.at(), payableAt: this.at(-1) };
    return { id: 'ST-1', principalId: 'C1', period: 'D1', ...span, state: 'FROZEN', totalFen: '1250', contentHash: 'a'.repeat(64) };
  }

  /** Below zero, and agreed to be paid in. */
  private dueStatement(): Statement {
    return { ...this.statement(), id: 'ST-2', principalId: 'BO1', state: 'DUE', totalFen: '-1318' };
  }

  private fullStatement(): FullStatement {
    const order = { orderId: 'O-1001', at: this.at(), stationId: 'HH1', role: 'CARRIER' };
    return {
      ...this.statement(),
      content: {
        orders: [{ ...order, grossFen: '-28900', commissionFen: '0', netFen: '-28900' }],
        corrections: [{ correctionId: 'K1', orderId: 'O-0990', at: this.at(), cause: 'DISPUTE', reason: 'handling', netFen: '150' }],
        others: [{ key: 'top-up:1', kind: 'TOP_UP', at: this.at(), amountFen: '30000' }],
        splits: [],
        received: [],
        taxes: [{ component: 'ELECTRICITY', rateBasisPoints: 1300, amountFen: '12650', taxFen: '1455' }],
        totals: {
          ordersFen: '-28900',
          correctionsFen: '150',
          othersFen: '30000',
          splitsFen: '0',
          receivedFen: '0',
          carriedInFen: '0',
          totalFen: '1250',
        },
      },
    };
  }

  private raise(bill: DisputedBill, reason: string, principalId: string): Answer {
    const isSame = (one: Dispute) => one.orderId === bill.orderId && one.chargeId === bill.chargeId;
    if (this.disputes.some((one) => isSame(one) && one.state === 'OPEN')) return refused(409, 'DISPUTE_EXISTS');
    const open = { state: 'OPEN' as const, evidence: [], decidedAt: null, decidedBy: null, decision: null };
    const dispute: Dispute = {
      ...bill,
      id: `D-${this.disputes.length + 1}`,
      principalId,
      reason,
      raisedAt: this.at(),
      raisedBy: 'c1',
      ...open,
    };
    this.disputes.push(dispute);
    return ok(dispute, 201);
  }

  private rerating(state: 'RUNNING' | 'DONE'): Rerating {
    const span = { from: this.at(1), until: this.at() };
    if (state === 'RUNNING') return { id: 'R1', ...span, state, done: 0, total: null, leftOut: [], rows: [] };
    const row = (kind: RerateRow['kind'], id: string, differenceFen: string): RerateRow => {
      const afterFen = (1_000_000n + BigInt(differenceFen)).toString();
      return { kind, id, orders: 40, beforeFen: '1000000', afterFen, differenceFen };
    };
    const rows = [row('PARTY', 'SO1', '52340'), row('PARTY', 'C1', '-48110'), row('PARTY', 'BO1', '0'), row('PARTY', 'PF', '-4230')];
    const places = [row('STATION', 'HH1', '52340'), row('TRUCK', 'T042', '31100'), row('TRUCK', 'T007', '17010')];
    return {
      id: 'R1',
      ...span,
      state,
      done: 40,
      total: 41,
      leftOut: [
        { kind: 'SWAP', reason: 'TARIFF_MISSING', count: 1 },
        { kind: 'OVERSTAY', reason: 'STAY_NOT_KNOWN', count: 12 },
      ],
      rows: [...rows, ...places],
    };
  }

  private reconciliation(path: string): Reconciliation {
    const billDate = path.slice(path.lastIndexOf('/') + 1);
    const difference = {
      kind: 'MISSING_HERE',
      number: 'TOP_UP 7',
      paymentId: null,
      oursFen: null,
      theirsFen: '20000',
      detail: 'not known',
    };
    const sums = { billRows: 12, billNetFen: '4020000', bookedNetFen: '4000000' };
    return { channel: 'sandbox', billDate, comparedAt: this.at(), ...sums, differences: [difference] };
  }

  private abnormal(): AbnormalOrder {
    const [base] = sceneAt(this.startMs, 1).orders;
    if (base === undefined) throw new Error('the fixture has no order');
    const words = { cause: 'The SOC at the hand-over is far from what was read before.', causeZh: '交接时的SOC与此前读数相差过大。' };
    return {
      order: { ...base, id: ABNORMAL_ID, state: this.abnormalState, reason: 'SOC_JUMP' },
      reason: 'SOC_JUMP',
      ...words,
      remedy: 'Find out the SOC and repair with it.',
      remedyZh: '查明SOC后修复。',
      transfers: [{ key: 'h', kind: 'HOLD', debitAccountId: 'C1_prepaid', creditAccountId: 'C1_held', amountFen: '30000', at: this.at() }],
      packReadings: [{ packId: 'LFP350-0003', at: this.at(), place: 'slot HH1-3', socPercent: 97.5 }],
      acts: [],
    };
  }
}
