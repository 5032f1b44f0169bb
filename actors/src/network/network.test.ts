import { describe, expect, it } from 'vitest';
import { ActorFailedError } from './actor-host.ts';
import { NOON_MS, restartable, smallFile, startCorridor, type TestCorridor } from './corridor.fixture.ts';
import { silentSignals } from './empty-surroundings.ts';
import type { Intent } from './input.ts';
import { migrate } from './machine-catalogue.ts';
import { Network } from './network.ts';
import { ReferenceStore } from './reference-store.ts';
import { registrationsOf } from './registration.ts';

let intents = 0;
/** Asks, and gives the answer. */
function ask(corridor: TestCorridor, intent: Intent) {
  intents += 1;
  const intentId = `I${intents}`;
  corridor.network.step({ kind: 'intent', atMs: corridor.network.nowMs + 1, intentId, by: 'test', intent });
  const answers = corridor.drain().effects.filter((effect) => effect.type === 'intent.answered' && effect.intentId === intentId);
  expect(answers).toHaveLength(1);
  return answers[0];
}

describe('registration', () => {
  it('makes every actor once, tells every place what it holds, and says it to the world', () => {
    const corridor = startCorridor();
    const { network, file } = corridor;
    const custody = corridor.effects.filter(({ type }) => type === 'custody.moved');
    expect(custody).toHaveLength(file.packs.length);
    for (const { id, initial } of file.packs) {
      const holder = initial.kind === 'SLOT' ? (`slot:${initial.id}` as const) : (`truck:${initial.id}` as const);
      expect(corridor.context(holder)).toMatchObject({ packId: id });
      expect(corridor.context(`pack:${id}`)).toMatchObject({ place: initial });
    }
    const before = network.size;
    network.register(...registrationsOf({ reference: corridor.reference }));
    const again = network.drain();
    expect(network.size).toBe(before);
    expect(again).toMatchObject({ effects: [], transitions: [], undelivered: [] });
    expect(again.changed.size).toBe(0);
  });

  it('takes an asset that is registered later', () => {
    const corridor = startCorridor();
    const [truck] = corridor.file.trucks;
    if (truck) corridor.reference.apply({ trucks: [{ ...truck, id: 'R01', replayed: true }] });
    expect(ask(corridor, { type: 'asset.registered', asset: 'truck', id: 'R01' })).toMatchObject({ ok: true });
    expect(corridor.network.view('truck:R01')?.value).toBe('replayed');
    expect(corridor.network.view('gateway:R01')?.value).toBe('neverSeen');
  });
});

describe('intents', () => {
  const quote = (corridor: TestCorridor, orderId: string) => {
    const truck = corridor.truck(0);
    const { idToken } = corridor.driverOf(truck.id);
    return ask(corridor, { type: 'order.quote', orderId, stationId: 'HH1', truckId: truck.id, idToken });
  };
  const openStation = (corridor: TestCorridor) =>
    corridor.network.step({
      kind: 'signal',
      atMs: corridor.network.nowMs,
      to: 'gateway:HH1',
      event: { type: 'signal.fresh', atMs: corridor.network.nowMs },
    });

  it('are each answered once: quoted, confirmed, asked twice, asked at the wrong time', () => {
    const corridor = startCorridor();
    openStation(corridor);
    expect(quote(corridor, 'R1')).toMatchObject({ ok: true, orderId: 'R1' });
    expect(quote(corridor, 'R1')).toMatchObject({ ok: true, code: 'EXISTS' });
    expect(ask(corridor, { type: 'order.repair', orderId: 'R1', note: '', measured: null })).toMatchObject({ ok: false });
    expect(ask(corridor, { type: 'order.confirm', orderId: 'R1', note: null, onBehalf: false, tellsDriver: false })).toMatchObject({
      ok: true,
    });
    expect(ask(corridor, { type: 'order.confirm', orderId: 'R1', note: null, onBehalf: false, tellsDriver: false })).toMatchObject({
      ok: false,
    });
    expect(corridor.network.view('swap:HH1-2')?.value).toBe('QUEUED');
    expect(quote(corridor, 'R2')).toMatchObject({ ok: false, code: 'CONCURRENT_ORDER' });
  });

  it.each<Intent>([
    { type: 'order.confirm', orderId: 'NO', note: null, onBehalf: false, tellsDriver: false },
    { type: 'order.quote', orderId: 'Q', stationId: 'XX9', truckId: 'T001', idToken: { idToken: 'x', type: 'Central' } },
    { type: 'payment.topUp', key: 'k', principalId: 'NO', amountFen: 1n, channel: 'sandbox' },
    { type: 'pack.clear', packId: 'NO', note: '' },
    { type: 'slot.setAside', stationId: 'HH1', evseId: 99, note: '' },
    { type: 'station.close', stationId: 'NO', partyId: 'PF', note: '' },
    { type: 'swap.abort', stationId: 'HH1', requestId: 1, note: '' },
    { type: 'truck.block', truckId: 'NO', partyId: 'PF', note: '' },
  ])('%o about nobody is NOT_FOUND and changes nothing', (intent) => {
    const corridor = startCorridor();
    expect(ask(corridor, intent)).toMatchObject({ ok: false, code: 'NOT_FOUND' });
    expect(corridor.effects.filter(({ type }) => type === 'order.changed' || type === 'command.issued')).toEqual([]);
  });

  it('reach whom they concern', () => {
    const corridor = startCorridor();
    const done = { ok: true, code: 'DONE' };
    expect(ask(corridor, { type: 'slot.setAside', stationId: 'HH1', evseId: 2, note: 'its latch' })).toMatchObject(done);
    expect(corridor.network.view('slot:HH1-2')?.value).toBe('setAside');
    expect(ask(corridor, { type: 'slot.return', stationId: 'HH1', evseId: 2, note: '' })).toMatchObject(done);
    expect(corridor.network.view('slot:HH1-2')?.value).toBe('ready');
    // What the books say, the station is told.
    const issued = corridor.effects.filter(({ type }) => type === 'command.issued');
    const told = { source: 'station', id: 'HH1', verb: 'slot.availability' };
    expect(issued).toMatchObject([
      { ...told, note: 'its latch', args: { evseId: 2, operationalStatus: 'INOPERATIVE' } },
      { ...told, args: { evseId: 2, operationalStatus: 'OPERATIVE' } },
    ]);
    expect(ask(corridor, { type: 'station.close', stationId: 'HH1', partyId: 'SO1', note: '' })).toMatchObject(done);
    expect(corridor.network.view('station:HH1')?.value).toBe('closed');
    expect(ask(corridor, { type: 'station.open', stationId: 'HH1', partyId: 'SO1', note: '' })).toMatchObject(done);
    expect(ask(corridor, { type: 'truck.block', truckId: 'T001', partyId: 'PF', note: 'recall' })).toMatchObject(done);
    expect(corridor.network.view('truck:T001')?.value).toBe('blocked');
    expect(ask(corridor, { type: 'truck.unblock', truckId: 'T001', partyId: 'PF', note: '' })).toMatchObject(done);
    const packId = corridor.file.packs[0]?.id ?? '';
    expect(ask(corridor, { type: 'pack.correctCustody', packId, kind: 'STORE', id: 'DEPOT', note: '' })).toMatchObject(done);
    expect(corridor.network.view(`pack:${packId}`)?.value).toBe('inStore');
    expect(ask(corridor, { type: 'pack.clear', packId, note: '' })).toMatchObject({ ok: false, code: 'PACK_NOT_QUARANTINED' });
  });

  it('top up once for one key', () => {
    const corridor = startCorridor();
    const topUp = { type: 'payment.topUp', key: 'K1', principalId: 'C1', amountFen: 500n, channel: 'sandbox' } as const;
    expect(ask(corridor, topUp)).toMatchObject({ ok: true });
    expect(ask(corridor, topUp)).toMatchObject({ ok: true });
    expect(ask(corridor, { ...topUp, amountFen: 501n })).toMatchObject({ ok: false });
    const posted = corridor.effects.flatMap((effect) => (effect.type === 'ledger.posted' ? effect.transfers : []));
    expect(posted.filter(({ amountFen }) => amountFen === 500n || amountFen === 501n)).toHaveLength(1);
  });
});

describe('steps', () => {
  it('end the run when an actor throws, and name it', () => {
    const file = smallFile();
    const reference = ReferenceStore.of(file, () => 0);
    const network = new Network({ surroundings: { reference, signals: silentSignals }, nowMs: NOON_MS });
    network.register(...registrationsOf({ reference }));
    reference.tariffOf = () => {
      throw new Error('broken tariff');
    };
    const online = () => network.step({ kind: 'signal', atMs: NOON_MS, to: 'gateway:HH1', event: { type: 'signal.fresh', atMs: NOON_MS } });
    let failure: unknown = null;
    try {
      online();
    } catch (cause) {
      failure = cause;
    }
    expect(failure).toBeInstanceOf(ActorFailedError);
    expect(String(failure)).toContain('station:HH1 failed on station.gatewayOnline: broken tariff');
    expect(online).toThrow('end the process');
    expect(() => network.drain()).toThrow('end the process');
  });

  it('count what nobody is there to take', () => {
    const { network } = startCorridor();
    network.step({ kind: 'signal', atMs: NOON_MS, to: 'pack:GHOST', event: { type: 'signal.stale', atMs: NOON_MS } });
    expect(network.drain().undelivered).toEqual([{ to: 'pack:GHOST', event: 'signal.stale' }]);
  });

  it('do not go back in time', () => {
    const { network } = startCorridor();
    network.step({ kind: 'tick', atMs: NOON_MS + 10 });
    expect(() => network.step({ kind: 'tick', atMs: NOON_MS + 9 })).toThrow('cannot go back');
  });

  it('turn a sighting of the signal table into one for the pack', () => {
    const corridor = startCorridor();
    const packId = corridor.file.packs[0]?.id ?? '';
    const event = { type: 'signal.changed', atMs: NOON_MS, signal: 'place', value: 'TRUCK:T001' } as const;
    corridor.network.step({ kind: 'signal', atMs: NOON_MS, to: `pack:${packId}`, event });
    expect(corridor.context(`pack:${packId}`)).toMatchObject({ claim: { kind: 'TRUCK', id: 'T001' } });
    expect(corridor.network.nextDueMs).toBe(NOON_MS + 600_000);
    const restarted = restartable(corridor);
    restarted.restart();
    expect(restarted.network.nextDueMs).toBe(NOON_MS + 600_000);
    restarted.network.step({ kind: 'tick', atMs: NOON_MS + 600_000 });
    expect(restarted.context(`pack:${packId}`)).toMatchObject({ claim: null });
  });
});

describe('snapshots', () => {
  it('of a version without a rule stop the start', () => {
    expect(() => migrate({ machine: 'bay', id: 'HH1-B1', version: 0, value: 'free', context: {}, due: [] })).toThrow(
      'no rule brings bay snapshots',
    );
  });

  it('are not restored twice', () => {
    const { network } = startCorridor();
    expect(() => network.restore([...network.snapshots()].slice(0, 1), NOON_MS)).toThrow('restored twice');
  });
});

describe('timers one by one', () => {
  it('names the one that is next, fires it alone, and gives one up for good, also after a restart', () => {
    const corridor = startCorridor();
    const { network } = corridor;
    const truck = corridor.truck(0);
    const { idToken } = corridor.driverOf(truck.id);
    const opened = { type: 'signal.fresh', atMs: network.nowMs } as const;
    network.step({ kind: 'signal', atMs: network.nowMs, to: 'gateway:HH1', event: opened });
    ask(corridor, { type: 'order.quote', orderId: 'Q1', stationId: 'HH1', truckId: truck.id, idToken });
    const dueMs = network.nextDueMs;
    if (dueMs === null) throw new Error('no timer is armed');
    expect(network.nextTimer(dueMs - 1)).toBeNull();
    const first = network.nextTimer(dueMs);
    expect(first).toMatchObject({ dueAtMs: dueMs });
    network.dropTimer();
    expect(network.nextTimer(dueMs)).not.toEqual(first);
    const stored = network.drain().changed;
    expect([...stored.values()].flatMap(({ due }) => due.map(({ dueAtMs, timer }) => ({ dueAtMs, timer })))).not.toContainEqual({
      dueAtMs: dueMs,
      timer: first?.name,
    });
    const before = network.nextDueMs;
    if (before !== null) {
      network.fireTimer();
      expect(network.nowMs).toBe(before);
    }
  });
});
