import type { Contract } from '@corridor/protocols/network-file';
import { describe, expect, it } from 'vitest';
import { fen } from '../ledger/fen.ts';
import { startCorridor } from '../network/corridor.fixture.ts';
import { localDateOf } from '../tariff/local-time.ts';
import type { Deposit } from './deposit.rules.ts';
import { depositTermsOf } from './deposit.rules.ts';
import { type DepositView, joiningDeposit, returnDeposit } from './deposit-act.rules.ts';
import { type Books, emptyBooks } from './hold.rules.ts';

const { reference } = startCorridor();
const [TRUCK_ID, CARRIER_ID] = ['T001', 'C1'];
const AT_MS = Date.UTC(2026, 10, 22);
const AGREED = { joinNanoYuanPerKwh: '2000000000', leaveNanoYuanPerKwh: '700000000' };
const deposit: Deposit = {
  truckId: TRUCK_ID,
  round: 1,
  energyWh: 100_000n,
  amountFen: fen(20_000n),
  terms: depositTermsOf({ energyDeposit: AGREED }, 'PF'),
};

/** A truck without a pack, which had one, and the books of its carrier. */
function network(books: Partial<Books>, energyDeposit: Contract['energyDeposit'] | null): DepositView {
  const contexts: Readonly<Record<string, unknown>> = {
    [`truck:${TRUCK_ID}`]: { packId: null, orderId: null, leftWh: 60_000, fittedAtMs: AT_MS - 1 },
    [`account:${CARRIER_ID}`]: { books: { ...emptyBooks, prepaidFen: fen(100_000n), ...books } },
  };
  const { energyDeposit: _, ...contract } = reference.contractOf(CARRIER_ID, localDateOf(AT_MS)) ?? fail();
  return {
    reference: {
      platformId: 'PF',
      truck: (id) => reference.truck(id),
      pack: (id) => reference.pack(id),
      packType: (code) => reference.packType(code),
      contractOf: () => (energyDeposit ? { ...contract, energyDeposit } : undefined),
    },
    view: (ref) => (ref in contexts ? { value: null, context: contexts[ref] } : undefined),
  };
}

function fail(): never {
  throw new Error(`${CARRIER_ID} has no contract`);
}

const told = (act: ReturnType<typeof returnDeposit>) =>
  act?.ok ? act.tells.map((each) => ('event' in each ? each.event : null)) : (act?.refused.code ?? null);

describe('the deposit of a truck', () => {
  const leaving = { truckId: TRUCK_ID, energyWh: null, intentId: null, atMs: AT_MS };

  it('goes back by what was agreed when it was taken, also when the contract is over or says another price', () => {
    const other = { joinNanoYuanPerKwh: '1', leaveNanoYuanPerKwh: '1' };
    for (const now of [null, other, AGREED])
      expect(told(returnDeposit(leaving, network({ deposits: [deposit] }, now)))).toMatchObject([{ terms: deposit.terms }]);
  });

  it('goes back by the contract of the day when it was taken before terms were kept', () => {
    const { terms, ...old } = deposit;
    expect(told(returnDeposit(leaving, network({ deposits: [old] }, AGREED)))).toMatchObject([{ terms }]);
  });

  const joining = {
    truckId: TRUCK_ID,
    content: { typeCode: 'LFP350', socPercent: 80, sohPercent: 100 },
    intentId: null,
    atMs: AT_MS,
  };

  it('is taken again with the next pack when it was given back, once', () => {
    const givenBack = network({ depositRounds: { [TRUCK_ID]: 1 } }, AGREED);
    expect(told(joiningDeposit(joining, givenBack))).toMatchObject([
      { type: 'account.depositRequested', truckId: TRUCK_ID, energyWh: 280_000n },
    ]);
    for (const books of [{ depositRounds: { [TRUCK_ID]: 1 }, deposits: [deposit] }, {}])
      expect(told(joiningDeposit(joining, network(books, AGREED)))).toEqual([]);
  });
});
