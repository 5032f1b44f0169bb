import { KILLS, killRun } from '@corridor/testkit/kill-run';
import { expect, it } from 'vitest';

/** A few of each; `npm run soak -- kill` does many. */
const SEED = Number(process.env['SEED'] ?? 20_261_122);
const TIMEOUT_MS = 300_000;

const runs = [
  { what: 'kill -9 of the twin', kill: KILLS.twin, kills: 3 },
  { what: 'kill -9 of PostgreSQL', kill: KILLS.postgres, kills: 3 },
  { what: 'kill -9 of nats-server', kill: KILLS.nats, kills: 3 },
  { what: 'the death of a gateway', kill: KILLS.gateway, kills: 6 },
];

for (const { what, kill, kills } of runs) {
  it(
    `${what} loses no swap and bills none twice`,
    async () => {
      const report = await killRun({ kill, kills, seed: SEED });
      expect(report.faults, `SEED=${SEED}`).toEqual([]);
      expect(report.swapsStarted).toBeGreaterThan(10);
      expect(report.twinExitCode).toBe(0);
    },
    TIMEOUT_MS,
  );
}
