import { ledgerFindings, transfersOf } from '@corridor/actors/checkers/ledger-checker';
import { orderFindings } from '@corridor/actors/checkers/order-checker';
import { NOON_MS, startCorridor, type TestCorridor } from '@corridor/actors/network/corridor.fixture';
import type { Input } from '@corridor/actors/network/input';
import type { SignalReader } from '@corridor/actors/network/reference';
import { ScriptedGateway } from '@corridor/actors/network/scripted-gateway.fixture';
import type { PackContext } from '@corridor/actors/pack/pack.rules';
import { assert } from '@corridor/protocols/assert';
import fc from 'fast-check';
import { it } from 'vitest';
import { type Sequenced, Sequencer } from '../writer/sequencer.ts';

type Message = Extract<Input, { kind: 'message' }>;
const STATIONS = ['HH1', 'HJ1'] as const;

const visit = fc.record({ station: fc.nat(1), truck: fc.nat(3), boots: fc.constantFrom(0, 0, 0, 1, 7, 10_000) });
/** What happens before each delivery: whose event is next, and what somebody says that has no business to. */
const delivery = fc.record({
  station: fc.nat(1),
  claim: fc.option(fc.record({ pack: fc.nat(21), truck: fc.nat(3) }), { freq: 2 }),
  forged: fc.constantFrom(null, null, null, Number.MAX_SAFE_INTEGER, 200_000_000, 0),
});

/** Swaps as they really happen, and what the two stations journal of them, each in its order, over reboots. */
function happen(corridor: TestCorridor, visits: readonly { station: number; truck: number; boots: number }[]) {
  let nowMs = NOON_MS;
  const at = new Map(corridor.file.packs.map(({ initial, id }) => [`${initial.kind}:${initial.id}`, id]));
  const journals: Sequenced<Message>[][] = [[], []];
  const boots = [1, 1];
  const gateways = STATIONS.map((id, index) => {
    const journal = journals[index] ?? [];
    const step = (input: Input) => {
      assert(input.kind === 'message', 'a gateway only tells');
      const last = journal.at(-1) ?? null;
      const bootId = boots[index] ?? 1;
      const isFirst = last?.bootId !== bootId;
      const previous = isFirst ? last && { bootId: last.bootId, seq: last.seq } : ('NO_FIRST' as const);
      journal.push({ bootId, seq: isFirst ? 1 : last.seq + 1, previous, item: input });
      nowMs = input.atMs;
    };
    return new ScriptedGateway({ step, now: () => nowMs }, id, NOON_MS);
  });
  for (const gateway of gateways) gateway.online();
  for (const [index, { station, truck: which, boots: more }] of visits.entries()) {
    const gateway = gateways[station];
    const truck = corridor.truck(which);
    const slots = Array.from({ length: 8 }, (_, slot) => slot + 1);
    const slotOf = (evseId: number) => `SLOT:${STATIONS[station]}-${evseId}`;
    const empty = slots.find((evseId) => !at.has(slotOf(evseId)));
    // What came in last goes out last.
    const full = slots.find((evseId) => at.has(slotOf(evseId)) && evseId !== empty);
    const [returnedId, issuedId] = [at.get(`TRUCK:${truck.id}`), at.get(slotOf(full ?? 0))];
    if (!gateway || empty === undefined || full === undefined || returnedId === undefined || issuedId === undefined) continue;
    if (more > 0) {
      boots[station] = (boots[station] ?? 1) + more;
      gateway.online();
    }
    const returned = { packId: returnedId, socPercent: 40, sohPercent: 95 };
    const { idToken } = corridor.driverOf(truck.id);
    const swap = { requestId: 2 * index + 1, truck, idToken, initiation: 'LOCAL' as const, returned };
    for (const event of ['arrived', 'identified', 'authorized', 'unlocked'] as const) gateway.swapEvent(swap, event);
    gateway.swapEvent(swap, 'battery_in', { batteryData: [{ evseId: empty, serialNumber: returnedId, soC: 40, soH: 95 }] });
    gateway.swapEvent(swap, 'battery_out', { batteryData: [{ evseId: full, serialNumber: issuedId, soC: 95, soH: 95 }] });
    gateway.swapEvent(swap, 'completed');
    at.set(slotOf(empty), returnedId);
    at.set(`TRUCK:${truck.id}`, issuedId);
    at.delete(slotOf(full));
  }
  return { journals, at };
}

function faults(corridor: TestCorridor, at: ReadonlyMap<string, string>): string[] {
  const found: string[] = [];
  for (const [place, id] of at) {
    const pack = corridor.context(`pack:${id}`) as PackContext;
    const books = `${pack.place.kind}:${pack.place.id}`;
    if (books !== place) found.push(`${id} is at ${place}, the books have it at ${books}`);
    if (pack.disputedSinceMs !== null) found.push(`${id} is frozen by the word of a truck`);
    const holder = corridor.context(pack.place.kind === 'TRUCK' ? `truck:${pack.place.id}` : `slot:${pack.place.id}`) as {
      packId: unknown;
    };
    if (holder.packId !== id) found.push(`${books} does not hold ${id}`);
  }
  const billed = corridor.effects.flatMap((effect) => (effect.type === 'order.billed' ? [effect] : []));
  const swapOf = (orderId: string) => orderId.split('-').slice(0, 2).join('-');
  const moved = billed.flatMap(({ orderId, bill }) => [
    ...new Set(bill.lines.flatMap(({ packId, leg }) => (packId === null ? [] : [`${swapOf(orderId)} ${packId} ${leg}`]))),
  ]);
  if (new Set(moved).size !== moved.length) found.push(`a movement is billed twice: ${moved.join(', ')}`);
  return found;
}

it('has every pack where it is and bills nobody twice, whoever speaks, reboots or comes late', () => {
  fc.assert(
    fc.property(fc.array(visit, { maxLength: 8 }), fc.array(delivery, { maxLength: 150 }), (visits, deliveries) => {
      const said = new Map<string, string>();
      let corridor: TestCorridor | null = null;
      const signals: SignalReader = {
        number: () => Number.NaN,
        text: (kind, id, signal) => (kind === 'truck' && signal === 'packId' ? (said.get(id) ?? null) : null),
        reportedAtMs: (kind, id) => (kind === 'truck' && said.has(id) ? (corridor?.network.nowMs ?? 0) : Number.NaN),
      };
      corridor = startCorridor({ signals });
      const { network, file } = corridor;
      const { journals, at } = happen(corridor, visits);
      const sequencer = new Sequencer<Message>([]);
      const offer = (station: number, event: Sequenced<Message>) => {
        const verdict = sequencer.offer(`station:${STATIONS[station]}`, event, 0);
        if (verdict.verdict !== 'taken') return verdict.verdict;
        for (const { item } of verdict.items) network.step({ ...item, atMs: Math.max(item.atMs, network.nowMs) });
        return 'taken';
      };
      const next = [0, 0];
      const deliver = (station: number) => {
        const event = journals[station]?.[next[station] ?? 0];
        if (event === undefined) return;
        next[station] = (next[station] ?? 0) + 1;
        assert(offer(station, event) === 'taken', `event ${event.bootId}:${event.seq} of ${STATIONS[station]} is lost`);
      };
      for (const { station, claim, forged } of deliveries) {
        const last = journals[station]?.[(next[station] ?? 0) - 1];
        if (forged !== null && last !== undefined)
          assert(offer(station, { ...last, bootId: forged, seq: 1 }) === 'refused', 'a made-up boot');
        // Sent again, as after a lost confirmation.
        if (last !== undefined) assert(offer(station, last) === 'duplicate', 'sent again');
        deliver(station);
        const truck = file.trucks[claim?.truck ?? 0];
        const pack = file.packs[(claim?.pack ?? 0) % file.packs.length];
        if (claim === null || truck === undefined || pack === undefined) continue;
        said.set(truck.id, pack.id);
        const event = { type: 'signal.changed', atMs: network.nowMs, signal: 'place', value: `TRUCK:${truck.id}` } as const;
        network.step({ kind: 'signal', atMs: network.nowMs, to: `pack:${pack.id}`, event });
      }
      for (const station of [0, 1]) while ((journals[station]?.length ?? 0) > (next[station] ?? 0)) deliver(station);
      for (let day = 0; day < 3; day += 1) network.step({ kind: 'tick', atMs: network.nowMs + 24 * 3_600_000 });
      corridor.drain();
      const found = [
        ...faults(corridor, at),
        ...orderFindings(corridor.effects, { allOrdersEnded: true }),
        ...ledgerFindings(transfersOf(corridor.effects), { allOrdersEnded: true }),
      ];
      if (found.length > 0) throw new Error(found.join('\n'));
    }),
    { numRuns: Number(process.env['RUNS'] ?? 40) },
  );
});
