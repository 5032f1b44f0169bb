import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { AccountContext } from '../account/account.rules.ts';
import { depositsOf } from '../account/deposit.rules.ts';
import { LedgerBook } from '../ledger/ledger-book.ts';
import { startCorridor, type TestCorridor } from '../network/corridor.fixture.ts';
import type { Intent } from '../network/input.ts';
import type { PackContext } from '../pack/pack.rules.ts';
import type { RosterAct } from './roster-act.ts';

const CARRIER = 'C1';
const TRUCKS = ['T901', 'T902'] as const;
const PACKS = ['P901', 'P902', 'P903'] as const;
type Act =
  | { readonly do: 'join' | 'leave' | 'take' | 'return'; readonly truck: string }
  | { readonly do: 'register' | 'hand'; readonly truck: string; readonly pack: string; readonly socPercent: number }
  | { readonly do: 'store' | 'retire'; readonly pack: string };

const truck = fc.constantFrom(...TRUCKS);
const pack = fc.constantFrom(...PACKS);
const acts: fc.Arbitrary<Act> = fc.oneof(
  fc.record({ do: fc.constantFrom('join', 'leave', 'take', 'return'), truck }),
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constantFrom('register', 'hand'), truck, pack, socPercent: fc.integer({ min: 0, max: 100 }) }),
  },
  fc.record({ do: fc.constantFrom('store', 'retire'), pack }),
);

/** A corridor whose transfers are posted to a ledger, and its intents. */
function joinable(topUpFen: bigint) {
  const corridor = startCorridor({ topUpFen });
  const ledger = new LedgerBook();
  let posted = 0;
  let asked = 0;
  const post = () => {
    for (const effect of corridor.effects.slice(posted)) if (effect.type === 'ledger.posted') ledger.postAll(effect.transfers);
    posted = corridor.effects.length;
  };
  post();
  const ask = (intent: Intent): string => {
    const intentId = `join-${(asked += 1)}`;
    corridor.network.step({ kind: 'intent', atMs: corridor.network.nowMs, intentId, by: 'somebody', intent });
    corridor.drain();
    post();
    const answer = corridor.effects.findLast((effect) => effect.type === 'intent.answered' && effect.intentId === intentId);
    return answer?.type === 'intent.answered' ? answer.code : '';
  };
  return { corridor, ledger, ask, books: () => (corridor.context(`account:${CARRIER}`) as AccountContext).books };
}

const energyOf = (corridor: TestCorridor, packId: string) => (corridor.context(`pack:${packId}`) as PackContext).socPercent;

function intentOf(act: Act, { file }: TestCorridor): Intent {
  const roster = (each: RosterAct): Intent => ({ type: 'roster.act', roster: each });
  const [someTruck, somePack] = [file.trucks[0], file.packs[0]];
  if (!someTruck || !somePack) throw new Error('the network has neither truck nor pack');
  switch (act.do) {
    case 'join':
      return roster({ act: 'ACTIVATE', entry: { kind: 'TRUCK', definition: { ...someTruck, id: act.truck, carrierId: CARRIER } } });
    case 'leave':
      return roster({ act: 'DEREGISTER', kind: 'TRUCK', id: act.truck, energyWh: null });
    case 'take':
      return { type: 'deposit.take', truckId: act.truck, note: 'joined' };
    case 'return':
      return { type: 'deposit.return', truckId: act.truck, energyWh: null, note: 'sold' };
    case 'register': {
      const initial = { kind: 'TRUCK', id: act.truck } as const;
      const definition = { ...somePack, id: act.pack, initial, initialSocPercent: act.socPercent };
      return roster({ act: 'ACTIVATE', entry: { kind: 'PACK', definition } });
    }
    case 'hand':
      return { type: 'pack.correctCustody', packId: act.pack, kind: 'TRUCK', id: act.truck, note: 'handed over' };
    case 'store':
      return { type: 'pack.correctCustody', packId: act.pack, kind: 'STORE', id: 'depot', note: 'taken off' };
    case 'retire':
      return roster({ act: 'DEREGISTER', kind: 'PACK', id: act.pack, energyWh: null });
  }
}

it('holds a deposit for every truck that joined with energy on board, and none when all have left, whoever does what in whatever order', () => {
  fc.assert(
    fc.property(fc.array(acts, { maxLength: 40 }), fc.constantFrom(20_000n, 20_000_000n), (drawn, topUpFen) => {
      const { corridor, ledger, ask, books } = joinable(topUpFen);
      const run = (act: Act) => ask(intentOf(act, corridor));
      const joined = new Set<string>();
      const sound = () => {
        const held = depositsOf(books()).reduce((sum, { amountFen }) => sum + amountFen, 0n);
        expect(held).toBe(ledger.balance(`${CARRIER}_deposit`));
        expect(books().prepaidFen).toBe(ledger.balance(`${CARRIER}_prepaid`));
        expect(ledger.findings()).toEqual([]);
      };
      for (const act of drawn) {
        const code = run(act);
        sound();
        if (code !== 'DONE') continue;
        if (act.do === 'leave') joined.delete(act.truck);
        if (act.do !== 'register' && act.do !== 'hand') continue;
        // Its first pack brings the deposit, but for an empty one.
        const hasDeposit = depositsOf(books()).some(({ truckId }) => truckId === act.truck);
        if (!joined.has(act.truck) && energyOf(corridor, act.pack) > 0) expect(hasDeposit).toBe(true);
        joined.add(act.truck);
      }
      for (const each of PACKS) run({ do: 'store', pack: each });
      for (const each of TRUCKS) run({ do: 'leave', truck: each });
      sound();
      expect(depositsOf(books())).toEqual([]);
      expect(ledger.balance(`${CARRIER}_deposit`)).toBe(0n);
      expect(TRUCKS.map((each) => corridor.reference.truck(each))).toEqual([undefined, undefined]);
    }),
    { numRuns: 40 },
  );
});
