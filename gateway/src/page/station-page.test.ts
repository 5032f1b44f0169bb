import { connect } from 'node:net';
import { temporaryFolder } from '@corridor/testkit/temporary-folder';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { activeInterlock } from '../procedure/interlocks.ts';
import { PHASES } from '../procedure/swap-record.ts';
import { startArgs } from '../station/station-rig.ts';
import { interlockReadings } from './interlock-readings.ts';
import { readPeople } from './page-people.ts';
import { type PageRig, startPageRig, TOKEN } from './page-rig.ts';
import { openStationPage } from './station-page.ts';

const BAY = 'HH1-B1';
const MINUTE = 60_000;
let folder: ReturnType<typeof temporaryFolder>;
let page: PageRig;

/** Two full packs and a platform that says yes. */
async function arrange(options: Parameters<typeof startPageRig>[1] = {}): Promise<void> {
  page = await startPageRig(folder.path, options);
  for (const evseId of [3, 4]) {
    const { pack } = page.rig.plant.slot(evseId);
    if (pack) pack.socPercent = 95;
  }
  page.rig.autoAuthorise();
}
const dock = (truckId = 'T001') => page.rig.plant.dock(BAY, page.rig.plant.truckOf(truckId, 20));
const swap = async () => (await page.view()).bays[0]?.swap ?? null;

beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(async () => {
  expect(page.rig.fatal).toEqual([]);
  await page.close();
  page.rig.plant.stop();
  folder[Symbol.dispose]();
});

describe("the station's page: what it shows", () => {
  beforeEach(() => arrange());

  it('shows for which ordered truck a pack is kept, which is then ready for nobody else', async () => {
    const kept = async () => (await page.view()).slots.filter(({ promisedTo }) => promisedTo !== null);
    page.rig.command('swap.start', startArgs(page.rig.plant, 42, 'T001'));
    const { plate } = page.rig.plant.truckOf('T001', 20);
    expect(await kept()).toMatchObject([{ evseId: 3, ready: false, promisedTo: { truckId: 'T001', plate } }]);
    expect(await page.view()).toMatchObject({ readyPacks: 1 });
    page.rig.command('swap.reject', { requestId: 42, reasonCode: 'NO_CREDIT' });
    expect(await kept()).toEqual([]);
  });

  it('shows the step under way with its slots, and the swap in the log once it is over', async () => {
    dock();
    await page.rig.clock.advance(100_000);
    expect(await swap()).toMatchObject({
      requestId: 1,
      truckId: 'T001',
      phase: 'LIFT',
      step: 6,
      stepDone: 5,
      depositEvseId: 8,
      issueEvseId: 3,
    });
    await page.rig.clock.advance(10 * MINUTE);
    expect(await swap()).toBeNull();
    const orders = await (await fetch(`${page.url}/api/orders`)).json();
    expect(orders).toMatchObject({ entries: [{ orderNo: 'HH1-1-1', truckId: 'T001', outcome: 'completed' }], more: false });
    const commands = await (await fetch(`${page.url}/api/commands`)).json();
    expect(commands).toMatchObject({ entries: [{ verb: 'swap.start', reply: { result: 'ACCEPTED' }, result: { result: 'ACCEPTED' } }] });
  });

  it('turns the pages of the command log without a gap, and says what is no place in it', async () => {
    for (let n = 0; n < 45; n += 1) page.rig.command('slot.lock', { evseId: 99 }, `c${String(n).padStart(2, '0')}`);
    const seen: string[] = [];
    for (let before: string | null = null, more = true; more; ) {
      const answer = await fetch(`${page.url}/api/commands${before === null ? '' : `?before=${before}`}`);
      const log = (await answer.json()) as { entries: { commandId: string }[]; more: boolean };
      seen.push(...log.entries.map(({ commandId }) => commandId));
      before = seen.at(-1) ?? null;
      more = log.more;
    }
    expect(seen).toEqual(Array.from({ length: 45 }, (_, n) => `c${String(44 - n).padStart(2, '0')}`));
    expect(await (await fetch(`${page.url}/api/commands?before=nobody`)).json()).toEqual({ entries: [], more: false });
    expect((await fetch(`${page.url}/api/commands?after=c01`)).status).toBe(400);
  });

  it('tells a change by itself, at most five times a second, and the same bytes to all', async () => {
    const streams = await Promise.all([0, 1].map(() => fetch(`${page.url}/api/events`)));
    const heard = ['', ''];
    const listening = streams.map(async ({ body }, index) => {
      for await (const chunk of body ?? []) {
        heard[index] += new TextDecoder().decode(chunk as Uint8Array);
        if (heard[index]?.includes('"phase":"IDENTIFY"') === true && heard[index].endsWith('\n\n')) return;
      }
    });
    dock();
    await Promise.all(listening);
    const lastView = (text = '') => text.split('\n\n').findLast((message) => message.startsWith('event: view'));
    expect(lastView(heard[0])).toContain(BAY);
    expect(lastView(heard[0])).toBe(lastView(heard[1]));
  });

  it('gives plates as text, whatever stands in them, and lets nothing run but its own files', async () => {
    const truck = page.rig.plant.truckOf('T001', 20);
    page.rig.plant.dock(BAY, { ...truck, plate: '<script>alert(1)</script>' });
    await page.rig.clock.advance(1_000);
    expect((await swap())?.plate).toBe('<script>alert(1)</script>');
    const answer = await fetch(page.url);
    expect(answer.headers.get('content-security-policy')).toMatch(/default-src 'none'; script-src 'self' 'sha256-/);
    expect((await fetch(`${page.url}/main.js`)).headers.get('content-type')).toBe('text/javascript; charset=utf-8');
    expect((await fetch(`${page.url}/../station-page.ts`)).status).toBe(404);
  });

  it('answers nobody who came by the name of another site', async () => {
    const { port } = new URL(page.url);
    const answer = await new Promise<string>((resolve) => {
      const socket = connect(Number(port), '127.0.0.1', () =>
        socket.write('GET /api/view HTTP/1.1\r\nhost: evil.example\r\nconnection: close\r\n\r\n'),
      );
      let text = '';
      socket.on('data', (chunk) => {
        text += String(chunk);
      });
      socket.on('close', () => resolve(text));
    });
    expect(answer).toMatch(/^HTTP\/1.1 421 /);
    expect(answer).not.toContain('bays');
  });
});

describe("the station's page: what a person does", () => {
  it('goes on with a held swap only once the cause is gone', async () => {
    await arrange();
    dock();
    await page.rig.clock.advance(100_000);
    expect(await page.act({ kind: 'RESUME_CONFIRMED', bayId: BAY })).toEqual({ status: 409, code: 'SWAP_NOT_WAITING' });
    page.rig.plant.setBay(BAY, { personDetected: true });
    expect(await swap()).toMatchObject({ prompt: { kind: 'CONFIRM_RESUME' }, acts: { resume: false } });
    expect((await page.view()).bays[0]?.interlocks.filter(({ tripped }) => tripped)).toEqual([
      { code: 'INTERLOCK_PERSON_IN_ZONE', tripped: true, counts: true },
    ]);
    expect(await page.act({ kind: 'RESUME_CONFIRMED', bayId: BAY })).toEqual({ status: 409, code: 'INTERLOCK_PERSON_IN_ZONE' });
    page.rig.plant.setBay(BAY, { personDetected: false });
    expect(await page.act({ kind: 'RESUME_CONFIRMED', bayId: BAY })).toEqual({ status: 204, code: null });
    await page.rig.clock.advance(10 * MINUTE);
    expect(page.rig.swapEvents().at(-1)).toBe('completed');
  });

  it('names a truck that could not be read', async () => {
    await arrange();
    page.rig.plant.dock(BAY, { ...page.rig.plant.truckOf('T001', 20), rfid: null });
    await page.rig.clock.advance(20_000);
    expect(await swap()).toMatchObject({ prompt: { kind: 'CONFIRM_IDENTITY' }, acts: { identify: true } });
    const named = { kind: 'IDENTITY_CONFIRMED', bayId: BAY, truckId: 'T001', plate: 'A' };
    expect(await page.act({ ...named, plate: 'longer than any plate is' })).toEqual({ status: 400, code: 'INPUT_INVALID' });
    expect((await page.act(named)).status).toBe(204);
    expect(await page.act(named)).toEqual({ status: 409, code: 'SWAP_NOT_WAITING' });
    await page.rig.clock.advance(10 * MINUTE);
    expect(page.rig.swapEvents().at(-1)).toBe('completed');
  });

  it('aborts while the old pack can still go back, and hands over to people', async () => {
    await arrange();
    dock();
    await page.rig.clock.advance(60_000);
    expect((await page.act({ kind: 'ABORT', bayId: BAY })).status).toBe(204);
    expect(await page.act({ kind: 'ABORT', bayId: BAY })).toEqual({ status: 409, code: 'SWAP_NOT_WAITING' });
    await page.rig.clock.advance(5 * MINUTE);
    expect(page.rig.swapEvents().at(-1)).toBe('aborted_safe');
    dock('T002');
    await page.rig.clock.advance(200_000);
    expect(await page.act({ kind: 'ABORT', bayId: BAY })).toEqual({ status: 409, code: 'SWAP_BEYOND_ABORT' });
    expect((await page.act({ kind: 'GIVEN_UP', bayId: BAY, detail: 'rope' })).status).toBe(204);
    expect(await swap()).toMatchObject({ ended: 'failed', prompt: { kind: 'CLEAR_BAY' }, acts: { giveUp: false } });
  });

  it('puts a quarantined slot back into use', async () => {
    await arrange();
    page.rig.command('slot.quarantine', { evseId: 6, reasonCode: 'SMOKE' });
    expect((await page.view()).slots[5]).toMatchObject({ evseId: 6, quarantine: 'SMOKE', ready: false });
    expect((await page.act({ kind: 'QUARANTINE_LIFTED', evseId: 6 })).status).toBe(204);
    expect(await page.act({ kind: 'QUARANTINE_LIFTED', evseId: 6 })).toEqual({ status: 409, code: 'SLOT_NOT_QUARANTINED' });
    expect(await page.act({ kind: 'QUARANTINE_LIFTED', evseId: 99 })).toEqual({ status: 404, code: 'EVSE_UNKNOWN' });
  });

  it('takes nothing without the token, of no bay and of no kind that there is', async () => {
    await arrange();
    dock();
    const abort = { kind: 'ABORT', bayId: BAY };
    for (const token of [null, '', 'another-token-of-HH1', `${TOKEN}x`])
      expect(await page.act(abort, token)).toEqual({ status: 401, code: 'TOKEN_WRONG' });
    expect(await page.act({ kind: 'ABORT', bayId: 'HH1-B9' })).toEqual({ status: 404, code: 'BAY_UNKNOWN' });
    for (const body of [{ kind: 'OPEN' }, { ...abort, force: true }, { kind: 'QUARANTINE_LIFTED', evseId: '6' }, [], null])
      expect((await page.act(body)).status).toBe(400);
    expect(page.rig.swapEvents()).toEqual(['arrived']);
  });

  it('takes nothing at all where the station has no token, and refuses one that is easily guessed', async () => {
    await arrange({ people: [] });
    dock();
    expect(await page.act({ kind: 'ABORT', bayId: BAY })).toEqual({ status: 403, code: 'READ_ONLY' });
    const { core, bays } = page.rig.runtime;
    const source = { core, bays, link: () => page.link, refusedMessages: () => 0 };
    await expect(openStationPage(source, { port: 0, host: '127.0.0.1', people: [{ name: null, token: 'short' }] })).rejects.toThrow(
      /shorter than 16/,
    );
    await expect(openStationPage(source, { port: Number(new URL(page.url).port), host: '127.0.0.1', people: [] })).rejects.toThrow(
      /cannot listen/,
    );
  });
});

describe("the station's page: who acts", () => {
  const WEI = { name: '韦 岚 <b>', token: 'token-of-wei-lan-at-HH1' };
  const SUN = { name: 'Sun Jie', token: 'token-of-sun-jie-at-HH1' };
  const actsOf = async () => (await (await fetch(`${page.url}/api/acts`)).json()) as { entries: { person: string | null; act: object }[] };
  const personOf = async (token: string) => {
    const answer = await fetch(`${page.url}/api/person`, { headers: { authorization: `Bearer ${token}` } });
    return [answer.status, await answer.json()];
  };

  it('logs each act with the name of whose token it came with, also while the platform is away, and none that was refused', async () => {
    await arrange({ people: [WEI, SUN] });
    page.link.state = 'DOWN';
    page.rig.command('slot.quarantine', { evseId: 6, reasonCode: 'SMOKE' });
    const lift = { kind: 'QUARANTINE_LIFTED', evseId: 6 };
    dock();
    expect(await page.act({ kind: 'ABORT', bayId: BAY }, SUN.token)).toEqual({ status: 204, code: null });
    expect(await page.act(lift, WEI.token)).toEqual({ status: 204, code: null });
    expect(await page.act(lift, WEI.token)).toMatchObject({ status: 409 });
    expect(await page.act(lift, TOKEN)).toMatchObject({ status: 401 });
    expect((await actsOf()).entries).toMatchObject([
      { person: WEI.name, act: lift },
      { person: SUN.name, act: { kind: 'ABORT', bayId: BAY } },
    ]);
    expect(await personOf(WEI.token)).toEqual([200, { name: WEI.name }]);
    expect(await personOf('token-of-nobody-at-HH1')).toMatchObject([401, { code: 'TOKEN_WRONG' }]);
  });

  it('reads a file of people, with the token of the station alone as before, and refuses what would leave in doubt who acted', () => {
    expect(readPeople(`${TOKEN}\n`)).toEqual([{ name: null, token: TOKEN }]);
    expect(readPeople(`# of HH1\n\n${WEI.token}  韦  岚\n${SUN.token} Sun Jie\n`)).toEqual([{ ...WEI, name: '韦 岚' }, SUN]);
    for (const [text, why] of [
      ['short Wei', /shorter than 16/],
      [`${WEI.token} a\n${WEI.token} b`, /stands twice/],
      [`${WEI.token} a\n${SUN.token} a`, /name .* stands twice/],
      [`${WEI.token} ${'x'.repeat(81)}`, /longer than 80/],
    ] as const)
      expect(() => readPeople(text), text).toThrow(why);
  });
});

it('names as what holds a bay just the interlock that the procedure asks for', async () => {
  await arrange();
  const config = page.rig.runtime.core.procedureConfig();
  const bay = page.rig.plant.equipment.bays[0]?.sensors.read();
  const station = page.rig.plant.equipment.sensors.read();
  if (!bay) throw new Error('no bay');
  const bays = [
    {},
    { truckDocked: true },
    { personDetected: true },
    { hvOff: true, truckDocked: true },
    { positionSensorOk: false, truckDocked: true },
  ];
  const stations = [{}, { emergencyStop: true }, { fire: true }, { powerLoss: true }, { windMps: 20 }];
  for (const phase of PHASES) {
    for (const changedBay of bays) {
      for (const changedStation of stations) {
        const [now, around] = [
          { ...bay, ...changedBay },
          { ...station, ...changedStation },
        ];
        const first = interlockReadings(phase, now, around, config).find(({ tripped, counts }) => tripped && counts);
        expect(first?.code ?? null).toBe(activeInterlock(phase, now, around, config));
      }
    }
  }
});
