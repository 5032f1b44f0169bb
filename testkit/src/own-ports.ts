/**
 * Test files side by side give their servers ports of their own: a server that a test kills finds its port free when it is started
 * again, because no other file could take it meanwhile. Processes that a test starts get the same ones.
 */
const FIRST_PORT = 20_000;
const PORTS_EACH = 1_500;
const SHARES = 8;

const share = (Number(process.env['VITEST_POOL_ID'] ?? 1) - 1) % SHARES;
const first = FIRST_PORT + share * PORTS_EACH;
process.env['EMBEDDED_PORTS'] = `${first}-${first + PORTS_EACH - 1}`;
