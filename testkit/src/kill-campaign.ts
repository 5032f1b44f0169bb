import { setTimeout as sleep } from 'node:timers/promises';
import { Prng } from '@corridor/actors/time/prng';
import { auditCorridor } from './corridor-audit.ts';
import { eventFindings, swapFindings, type Tail, tailsMissing, tailsOf } from './journal-audit.ts';
import { journalledSwaps, readJournals } from './journal-copy.ts';
import type { TestCorridor } from './test-corridor.ts';
import { until } from './until.ts';

export const VICTIMS = ['twin', 'nats', 'postgres', 'gateways'] as const;
/** `gateways`: the process of all gateways and T-boxes, with the power of the robots. */
export type Victim = (typeof VICTIMS)[number];

export interface CampaignOptions {
  seed: number;
  killsOfEach: number;
  /** Longest load before a kill, and longest outage after it [wall ms]. */
  loadMsMax: number;
  outageMsMax: number;
  say: (line: string) => void;
}

export interface CampaignReport {
  kills: Record<Victim, number>;
  /** Processes that ended by themselves, because what they need was killed. */
  ownEnds: Record<string, number>;
  /** What those wrote last. */
  lastWords: string[];
  journalledEvents: number;
  journalledSwaps: number;
  /** Orders by state, with the reason of those that ended wrongly. */
  orders: Record<string, number>;
  /** What does not hold; empty when all is well. */
  findings: string[];
}

const READY_MS = 90_000;
const LAST_LINES = 8;
const DRAINED_MS = 120_000;
/** Orders that were open when the kills ended are over after this. */
const ENDED_MS = 300_000;

/** Kills real processes at random moments under load, starts them again, and asks after each whether everything still holds. */
export async function runKillCampaign(corridor: TestCorridor, options: CampaignOptions): Promise<CampaignReport> {
  const prng = new Prng(options.seed);
  const report: CampaignReport = {
    kills: { twin: 0, nats: 0, postgres: 0, gateways: 0 },
    ownEnds: {},
    lastWords: [],
    journalledEvents: 0,
    journalledSwaps: 0,
    orders: {},
    findings: [],
  };
  let tails: Tail[] = [];
  await underLoad(corridor, report);
  for (const victim of shuffled(prng, options.killsOfEach)) {
    await sleep(prng.uniform(0.1, 1) * options.loadMsMax);
    await kill(corridor, victim);
    report.kills[victim] += 1;
    if (victim === 'gateways') tails = tailsOf(readJournals(corridor.gatewaysDir));
    await sleep(prng.uniform(0, 1) * options.outageMsMax);
    await start(corridor, victim);
    await recovered(corridor, report, tails);
    const found = await auditCorridor(await corridor.db());
    report.findings.push(...found.map((finding) => `after killing ${victim} (${count(report)}): ${finding}`));
    options.say(
      `${count(report)}/${options.killsOfEach * VICTIMS.length} ${victim}: ${found.length === 0 ? 'all holds' : found.join('; ')}`,
    );
  }
  await untilOrdersEnded(corridor, report);
  await conclude(corridor, report);
  return report;
}

/** Swaps are under way before anything is killed. */
async function underLoad(corridor: TestCorridor, report: CampaignReport): Promise<void> {
  const { platform, traffic } = corridor;
  const look = async (): Promise<true | null> => {
    restartEnded(corridor, report);
    const { rows } = await (await corridor.db()).query<{ n: number }>(
      `select count(*)::int as n from swap where ended_at is null and step >= 2`,
    );
    return (rows[0]?.n ?? 0) > 0 ? true : null;
  };
  await until('a first swap', READY_MS + DRAINED_MS, look, () => `${platform.twin.output}\n${traffic.output}`);
}

const count = ({ kills }: CampaignReport) => VICTIMS.reduce((sum, victim) => sum + kills[victim], 0);

function shuffled(prng: Prng, killsOfEach: number): Victim[] {
  return VICTIMS.flatMap((victim) => Array.from({ length: killsOfEach }, () => ({ victim, at: prng.nextRatio() })))
    .sort((one, other) => one.at - other.at)
    .map(({ victim }) => victim);
}

async function kill({ platform, traffic }: TestCorridor, victim: Victim): Promise<void> {
  switch (victim) {
    case 'twin':
      return platform.twin.kill9();
    case 'nats':
      return platform.nats.kill9();
    case 'postgres':
      return platform.postgres.kill9();
    case 'gateways':
      return traffic.kill9();
  }
}

async function start({ platform, traffic }: TestCorridor, victim: Victim): Promise<void> {
  switch (victim) {
    case 'twin':
      if (!platform.twin.isRunning) platform.twin.start();
      return;
    case 'nats':
      return platform.nats.start();
    case 'postgres':
      return platform.postgres.start();
    case 'gateways':
      if (!traffic.isRunning) traffic.start();
  }
}

/** What runs the product starts its processes again when they end: so do we. */
function restartEnded({ platform, traffic }: TestCorridor, report: CampaignReport): void {
  for (const process of [platform.twin, traffic]) {
    if (process.isRunning) continue;
    report.ownEnds[process.name] = (report.ownEnds[process.name] ?? 0) + 1;
    report.lastWords.push(`${process.name}: ${process.output.trim().split('\n').slice(-LAST_LINES).join('\n')}`);
    process.start();
  }
}

/** Ready again, taking events, and past everything that dead gateways had journalled. */
async function recovered(corridor: TestCorridor, report: CampaignReport, tails: readonly Tail[]): Promise<void> {
  const { platform } = corridor;
  let standing = '';
  const look = async (): Promise<true | null> => {
    restartEnded(corridor, report);
    if (!(await platform.isReady())) return null;
    const missing = await tailsMissing(await corridor.db(), tails);
    standing = missing.join(', ');
    return missing.length === 0 ? true : null;
  };
  await until('ready again', READY_MS + DRAINED_MS, look, () => `${standing}\n${platform.twin.output}\n${corridor.traffic.output}`);
}

/** With the kills over, traffic goes on until every order of before has ended. */
async function untilOrdersEnded(corridor: TestCorridor, report: CampaignReport): Promise<void> {
  const db = await corridor.db();
  const { rows } = await db.query<{ order_id: string }>(
    `select order_id from swap_order where state in ('CREATED', 'QUOTED', 'HELD', 'IN_PROGRESS', 'MEASURED', 'BILLED')`,
  );
  const openIds = rows.map(({ order_id }) => order_id);
  let open: string[] = [];
  const look = async (): Promise<true | null> => {
    restartEnded(corridor, report);
    const left = await db.query<{ line: string }>(
      `select order_id || ' ' || state as line from swap_order
        where order_id = any($1) and state in ('CREATED', 'QUOTED', 'HELD', 'IN_PROGRESS', 'MEASURED', 'BILLED')`,
      [openIds],
    );
    open = left.rows.map(({ line }) => line);
    return open.length === 0 ? true : null;
  };
  await until('every order of before has ended', ENDED_MS, look, () => open.join(', '));
}

/** Compares what the gateways journalled with the database: from journals whose processes were killed, and begun again to send the rest. */
async function conclude(corridor: TestCorridor, report: CampaignReport): Promise<void> {
  await kill(corridor, 'gateways');
  const journalled = readJournals(corridor.gatewaysDir);
  await start(corridor, 'gateways');
  await recovered(corridor, report, tailsOf(journalled));
  const db = await corridor.db();
  report.findings.push(...(await auditCorridor(db)), ...(await eventFindings(db, journalled)), ...(await swapFindings(db, journalled)));
  report.journalledEvents = journalled.length;
  report.journalledSwaps = journalledSwaps(journalled).length;
  const { rows } = await db.query<{ state: string; n: number }>(
    `select state || coalesce(' ' || case when state <> 'CLEARED' then reason end, '') as state, count(*)::int as n
       from swap_order group by 1 order by 2 desc`,
  );
  report.orders = Object.fromEntries(rows.map(({ state, n }) => [state, n]));
}
