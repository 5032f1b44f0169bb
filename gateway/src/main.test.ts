import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { temporaryFolder } from '@corridor/testkit/temporary-folder';
import { startTestNats, type TestNats } from '@corridor/testkit/test-nats';
import { until } from '@corridor/testkit/until';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PlatformRig } from './link/platform-rig.ts';

const main = fileURLToPath(new URL('./main.ts', import.meta.url));
const root = fileURLToPath(new URL('../..', import.meta.url));
let folder: ReturnType<typeof temporaryFolder>;
const children: ChildProcess[] = [];

type Started = ChildProcess & { output(): string };

/** Starts the gateway's own command with what it prints gathered. */
function start(...args: string[]): Started {
  let text = '';
  const child = spawn(process.execPath, [main, '--data-dir', join(folder.path, 'gateway'), ...args], {
    cwd: root,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      text += chunk.toString();
    });
  }
  children.push(child);
  return Object.assign(child, { output: () => text });
}
const exitOf = async (process: ChildProcess): Promise<number | null> => ((await once(process, 'close')) as [number | null])[0];

beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(async () => {
  for (const child of children.splice(0)) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    child.kill('SIGKILL');
    await once(child, 'close');
  }
  folder[Symbol.dispose]();
});

describe('npm run gateway', () => {
  const badFile = () => {
    const path = join(folder.path, 'bad.creds');
    writeFileSync(path, 'nonsense');
    return path;
  };
  /** Looks like one, which is all that is looked at before the server is asked. */
  const goodFile = () => {
    const path = join(folder.path, 'good.creds');
    const jwt = `e30.${Buffer.from(JSON.stringify({ name: 'HH1' })).toString('base64url')}.e30`;
    writeFileSync(path, `-----BEGIN NATS USER JWT-----\n${jwt}\n-----BEGIN USER NKEY SEED-----\nSUAAAA\n`);
    return path;
  };
  it('says in one line what is wrong', async () => {
    // Node's own `recursive` never returns there; elsewhere a file is in the way.
    const unmakeable = join(process.platform === 'linux' ? '/proc' : badFile(), 'nowhere', 'gateway');
    const cases: [RegExp, string[]][] = [
      [/credentials file .* does not exist/, ['--station', 'HH1', '--creds', join(folder.path, 'none.creds')]],
      [/is not a NATS credentials file/, ['--station', 'HH1', '--creds', badFile()]],
      [/has no station XX9/, ['--station', 'XX9', '--creds', 'x']],
      [/network file \/nowhere.json cannot be read/, ['--station', 'HH1', '--creds', 'x', '--network', '/nowhere.json']],
      [/data folder .* cannot be made .E/, ['--station', 'HH1', '--creds', goodFile(), '--data-dir', unmakeable]],
      [/neither live nor sim-/, ['--station', 'HH1', '--creds', 'x', '--scope', 'test']],
    ];
    const checks = cases.map(async ([line, args]) => {
      const child = start(...args);
      expect(await exitOf(child)).toBe(1);
      expect(child.output()).toMatch(line);
      expect(child.output().trim().split('\n')).toHaveLength(1);
    });
    await Promise.all(checks);
  });

  describe('with a server', () => {
    let nats: TestNats;
    let platform: PlatformRig;
    let creds: string;
    beforeEach(async () => {
      nats = await startTestNats();
      platform = await PlatformRig.start(nats, 'HH1');
      creds = join(folder.path, 'HH1.creds');
      writeFileSync(creds, (await nats.credentials.issueStation('HH1')).creds);
    });
    afterEach(async () => {
      await platform.stop();
      await nats[Symbol.asyncDispose]();
    });

    it('swaps a truck typed in, follows the clock of the platform, goes on after kill -9 and stops cleanly', async () => {
      const args = ['--station', 'HH1', '--creds', creds, '--nats', nats.url];
      const first = start(...args);
      await platform.until(() => platform.named('station:evt:gateway.online').length === 1);
      let nowMs = Date.now();
      await platform.command('config.set', { values: { targetSocPercent: 50 } }, { nowMs });
      await platform.command('time.sync', { scopeAt: new Date(nowMs).toISOString(), factor: 100 }, { nowMs });
      first.stdin?.write('dock T001 20\n');
      await platform.until(() => platform.named('station:evt:swap.identified').length === 1);
      const { requestId } = platform.named('station:evt:swap.identified')[0]?.envelope.data ?? {};
      const start0 = {
        requestId,
        orderId: 'o1',
        idToken: { idToken: 'x', type: 'Central' },
        truckId: 'T001',
        plate: '',
        returnPackId: null,
      };
      nowMs += 3_600_000;
      await platform.command('swap.start', { ...start0, issuePackId: 'LFP350-0004', issueEvseId: 4, initiation: 'LOCAL' }, { nowMs });
      await platform.until(() => platform.named('station:evt:swap.unlocked').length === 1);
      first.kill('SIGKILL');
      await once(first, 'exit');

      const second = start(...args);
      await platform.until(() => platform.named('station:evt:gateway.online').length === 2);
      await platform.command('time.sync', { scopeAt: new Date(nowMs).toISOString(), factor: 100 }, { nowMs });
      await platform.until(() => platform.named('station:evt:swap.completed').length === 1);
      expect(platform.named('station:evt:swap.battery_out')[0]?.envelope.data).toMatchObject({
        requestId,
        batteryData: [{ evseId: 4, serialNumber: 'LFP350-0004' }],
      });
      second.kill('SIGINT');
      expect(await exitOf(second)).toBe(0);
      await platform.until(() => platform.named('station:evt:gateway.offline').length === 1);
      expect(platform.refused).toEqual([]);
      expect(second.output()).not.toMatch(/Error|at .*\.ts:/);
    });

    it('shows its page while the platform is away: the swap goes on, its events wait', async () => {
      const tokenFile = join(folder.path, 'page.token');
      writeFileSync(tokenFile, 'token-of-the-page-of-HH1\n');
      const running = start('--station', 'HH1', '--creds', creds, '--nats', nats.url, '--page', '0', '--page-token-file', tokenFile);
      await platform.until(() => platform.named('station:evt:gateway.online').length === 1);
      const url = /station page at (\S+)/.exec(running.output())?.[1] ?? 'no page';
      const at = async <T>(path: string) => (await (await fetch(`${url}${path}`)).json()) as T;
      expect(await at('/api/station')).toMatchObject({ stationId: 'HH1', mayAct: true });
      const nowMs = Date.now();
      await platform.command('config.set', { values: { targetSocPercent: 50 } }, { nowMs });
      await platform.command('time.sync', { scopeAt: new Date(nowMs).toISOString(), factor: 100 }, { nowMs });
      running.stdin?.write('dock T001 20\n');
      await platform.until(() => platform.named('station:evt:swap.identified').length === 1);
      const { requestId } = platform.named('station:evt:swap.identified')[0]?.envelope.data ?? {};
      const order = {
        requestId,
        orderId: 'o1',
        idToken: { idToken: 'x', type: 'Central' },
        truckId: 'T001',
        plate: '',
        returnPackId: null,
      };
      const pack = { issuePackId: 'LFP350-0004', issueEvseId: 4, initiation: 'LOCAL' };
      await platform.command('swap.start', { ...order, ...pack }, { nowMs: nowMs + 3_600_000 });
      await nats.stop();
      type View = { view: { link: { state: string }; waitingEvents: number } };
      const ended = await until('the end of the swap', 60_000, async () => {
        const { entries } = await at<{ entries: { outcome: string | null }[] }>('/api/orders');
        return entries[0]?.outcome ?? null;
      });
      expect(ended).toBe('completed');
      const { view } = await at<View>('/api/view');
      expect(view.link.state).toBe('DOWN');
      expect(view.waitingEvents).toBeGreaterThan(0);
      running.kill('SIGINT');
      expect(await exitOf(running)).toBe(0);
    });

    it('runs without the server, says so, and refuses wrong credentials and a second gateway on its data', async () => {
      await nats.stop();
      const running = start('--station', 'HH1', '--creds', creds, '--nats', nats.url);
      await platform.until(() => /NATS is not reachable/.test(running.output()));
      expect(running.output()).not.toMatch(/at .*\.ts:/);
      const [second, foreign] = [
        start('--station', 'HH1', '--creds', creds, '--nats', nats.url),
        start('--station', 'HJ1', '--creds', creds),
      ];
      expect(await Promise.all([exitOf(second), exitOf(foreign)])).toEqual([1, 1]);
      expect(second.output()).toMatch(/in use by another gateway process/);
      expect(foreign.output()).toMatch(/was issued for HH1, not for station HJ1/);
      running.kill('SIGINT');
      expect(await exitOf(running)).toBe(0);
    });
  });
});
