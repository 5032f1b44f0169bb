import { runCrossings } from '@corridor/testkit/isolation/crossings';
import type { Soak } from './soak.ts';

const REQUESTS = 100_000;
const ORDERS = 1_000;

export const isolationSoak: Soak = {
  name: 'isolation',
  about: '100,000 requests for things of others, over HTTP, WebSocket, exports and SQL: nothing may be shown',
  async run({ seed, say }) {
    const { leaks, read, requests } = await runCrossings({ seed, requests: REQUESTS, orders: ORDERS });
    say(`seed ${seed}: ${JSON.stringify(requests)}; own marks read ${JSON.stringify(read)}; leaks ${leaks.length}`);
    return leaks;
  },
};
