import { fileURLToPath } from 'node:url';
import { type CampaignReport, runKillCampaign } from '@corridor/testkit/kill-campaign';
import { startTestCorridor } from '@corridor/testkit/test-corridor';
import { expect, it } from 'vitest';

const NETWORK_FILE = fileURLToPath(new URL('../../data/corridor/network.json', import.meta.url));
const SEED = Number(process.env['SEED'] ?? 20_261_122);
const WITHIN_MS = 400_000;

/** The short form of `npm run soak -- kill`: the same kills, twice each. */
it(
  `kills of twin, nats-server, PostgreSQL and gateways lose no swap, no pack and no fen, SEED=${SEED}`,
  async () => {
    await using corridor = await startTestCorridor({ networkFile: NETWORK_FILE, factor: 60, seed: SEED, durable: true });
    const lines: string[] = [];
    let report: CampaignReport;
    try {
      report = await runKillCampaign(corridor, {
        seed: SEED,
        killsOfEach: 2,
        loadMsMax: 3_000,
        outageMsMax: 1_500,
        say: (line) => void lines.push(line),
      });
    } catch (cause) {
      throw new Error(`SEED=${SEED} node=${process.version}: ${lines.join(' | ')}`, { cause });
    }
    expect(report.findings, `SEED=${SEED}`).toEqual([]);
    expect(report.kills).toEqual({ twin: 2, nats: 2, postgres: 2, gateways: 2 });
    // None of them drags another one down.
    expect(report.ownEnds, report.lastWords.join('\n')).toEqual({});
    // There was something to lose.
    expect(report.journalledSwaps).toBeGreaterThan(5);
    expect(report.journalledEvents).toBeGreaterThan(100);
  },
  WITHIN_MS,
);
