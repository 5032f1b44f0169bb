import { fileURLToPath } from 'node:url';
import { runKillCampaign } from '@corridor/testkit/kill-campaign';
import { startTestCorridor } from '@corridor/testkit/test-corridor';
import type { Soak } from './soak.ts';

const NETWORK_FILE = fileURLToPath(new URL('../../../data/corridor/network.json', import.meta.url));
/** Scope time per wall time: the whole corridor with its 60 trucks, a swap every few seconds. */
const FACTOR = 60;
const KILLS_OF_EACH = 20;
/** With restart, recovery and audit, a kill takes about this long. */
const KILLS_PER_MINUTE = 5;

/** Kills twin, nats-server, PostgreSQL and gateways at random moments, 20 times each or as often as the minutes allow. */
export const killSoak: Soak = {
  name: 'kill',
  about: 'real SIGKILLs of twin, nats-server, PostgreSQL and gateways under load; every swap ends once, packs and money stay whole',
  async run({ seed, minutes, say }) {
    const killsOfEach = minutes === null ? KILLS_OF_EACH : Math.max(1, Math.round((minutes * KILLS_PER_MINUTE) / 4));
    await using corridor = await startTestCorridor({ networkFile: NETWORK_FILE, factor: FACTOR, seed, durable: true });
    const report = await runKillCampaign(corridor, { seed, killsOfEach, loadMsMax: 5_000, outageMsMax: 4_000, say });
    const { kills, ownEnds, lastWords, journalledEvents, journalledSwaps, orders, findings } = report;
    say(`kills ${JSON.stringify(kills)}, ended by themselves ${JSON.stringify(ownEnds)}`);
    for (const words of lastWords) say(words);
    say(`${journalledSwaps} swaps with ${journalledEvents} events journalled; orders ${JSON.stringify(orders)}`);
    return findings;
  },
};
