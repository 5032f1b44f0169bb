import { readFileSync } from 'node:fs';
import { SWAP_STEPS } from '@corridor/protocols/swap-step';
import { describe, expect, it } from 'vitest';
import type { PackContext } from '../pack/pack.rules.ts';
import { REQUIRED_WH, smallFile } from './corridor.fixture.ts';
import type { Effect, OrderState } from './effect.ts';
import { silentSignals } from './empty-surroundings.ts';
import { machineVersion } from './machine-catalogue.ts';
import { Network } from './network.ts';
import { ReferenceStore } from './reference-store.ts';
import { ScriptedGateway } from './scripted-gateway.fixture.ts';
import type { StoredSnapshot } from './snapshot-codec.ts';

/** What an earlier release stored of HH1 with four trucks: a cleared order, an abnormal one, one that is quoted, and a swap with the pack in the rack. */
interface OldSnapshots {
  trucks: readonly string[];
  nowMs: number;
  /** Of the swap under way. */
  issue: { requestId: number; issuePackId: string; issueEvseId: number };
  snapshots: StoredSnapshot[];
}

/** The network as it goes on from there, in the present release. */
function restored(name: string) {
  const old = JSON.parse(readFileSync(new URL(`old-snapshots/${name}.generated.json`, import.meta.url), 'utf8')) as OldSnapshots;
  const whole = smallFile();
  const trucks = whole.trucks.filter(({ id }) => old.trucks.includes(id));
  const reference = ReferenceStore.of({ ...whole, trucks, stations: whole.stations.filter(({ id }) => id === 'HH1') }, () => REQUIRED_WH);
  const network = new Network({ surroundings: { reference, signals: silentSignals }, nowMs: old.nowMs });
  network.restore(old.snapshots, old.nowMs);
  const effects: Effect[] = [];
  const take = () => effects.push(...network.drain().effects);
  /** Last state and reason of an order since then. */
  const stateOf = (fits: (order: { orderId: string; requestId: number | null }) => boolean): [OrderState, string | null] | null => {
    const row = effects.findLast((effect) => effect.type === 'order.changed' && fits(effect.order));
    return row?.type === 'order.changed' ? [row.order.state, row.order.reason] : null;
  };
  return { old, network, effects, take, stateOf, trucks, drivers: whole.drivers };
}

describe.each(['order-1', 'order-2', 'order-3'])('what a release of %s stored', (name) => {
  it('is of an earlier shape', () => {
    const { old } = restored(name);
    const isOlder = old.snapshots.some(({ machine, version }) => version < machineVersion(machine));
    const lacks = (machine: string, field: string) =>
      old.snapshots.filter((stored) => stored.machine === machine).every(({ context }) => !(field in (context as object)));
    expect([isOlder || name === 'order-3', lacks('swap', 'strayOrders'), lacks('pack', 'handOvers'), lacks('truck', 'fittedAtMs')]).toEqual(
      [true, true, true, true],
    );
  });

  it('goes on: the swap under way is billed, the abnormal order repaired, the quote expires, and nothing is left open', () => {
    const { old, network, effects, take, stateOf, trucks, drivers } = restored(name);
    const gateway = new ScriptedGateway({ step: (input) => network.step(input), now: () => network.nowMs }, 'HH1', old.nowMs);
    const [, , truck] = trucks;
    const driver = drivers.find(({ truckIds }) => truckIds.includes(truck?.id ?? ''));
    if (truck === undefined || driver === undefined) throw new Error('no truck in the bay');
    const { requestId, issuePackId: serialNumber, issueEvseId: evseId } = old.issue;
    const returned = { packId: '', socPercent: 40, sohPercent: 95 };
    const swap = { requestId, truck, idToken: driver.idToken, initiation: 'LOCAL' as const, returned };
    for (const { event, step } of SWAP_STEPS) {
      if (step <= 8) continue;
      gateway.swapEvent(swap, event, event === 'battery_out' ? { batteryData: [{ evseId, serialNumber, soC: 95, soH: 95 }] } : {});
    }
    gateway.swapEvent(swap, 'completed');
    take();
    expect(stateOf(({ requestId: of }) => of === requestId)).toEqual(['CLEARED', null]);
    expect(network.view(`pack:${serialNumber}`)?.context).toMatchObject({ place: { kind: 'TRUCK', id: truck.id } });

    const abnormal = [...network.refs('order')].find((id) => id.startsWith('HH1-3-')) ?? '';
    const intent = { type: 'order.repair', orderId: abnormal, note: 'settled otherwise', measured: null } as const;
    network.step({ kind: 'intent', atMs: network.nowMs + 1, intentId: 'R', by: 'ops', intent });
    network.step({ kind: 'tick', atMs: network.nowMs + 3 * 24 * 3_600_000 });
    take();
    expect(stateOf(({ orderId }) => orderId === abnormal)?.[0]).toBe('REPAIRED');
    expect(stateOf(({ orderId }) => orderId === 'R1')).toEqual(['CANCELLED', 'QUOTE_EXPIRED']);
    expect([...network.refs('order'), ...network.refs('swap')]).toEqual([]);
    expect(effects.filter(({ type }) => type === 'order.billed')).toHaveLength(1);
    const places = [...network.refs('pack')].map((id) => {
      const pack = network.view(`pack:${id}`)?.context as PackContext | undefined;
      return `${pack?.place.kind}:${pack?.place.id}`;
    });
    expect(new Set(places).size).toBe(places.length);
  });
});
