import { describe, expect, it } from 'vitest';
import { fen } from '../ledger/fen.ts';
import type { EventOf } from '../network/actor-event.ts';
import { accountMachine } from './account.machine.ts';
import { AccountRun, accountEvents as e } from './account-run.fixture.ts';

type State = 'goodStanding' | 'blocked';
const no = 'ignored';
const table: Record<State, Record<EventOf['account']['type'], State | typeof no>> = {
  goodStanding: {
    'account.toppedUp': no,
    'account.paidOut': no,
    'account.withdrawalRequested': no,
    'account.withdrawalEnded': no,
    'account.depositRequested': no,
    'account.depositReturnRequested': no,
    'account.packageBought': no,
    'account.packageRequested': no,
    'account.packagesExpired': no,
    'account.holdRequested': no,
    'account.holdRaiseRequested': no,
    'account.captureRequested': no,
    'account.releaseRequested': no,
    'account.correctionRequested': no,
    'account.chargeRequested': no,
    'account.posted': no,
    'account.blocked': 'blocked',
    'account.unblocked': no,
    'delivery.bounced': no,
  },
  blocked: {
    'account.toppedUp': no,
    'account.paidOut': no,
    'account.withdrawalRequested': no,
    'account.withdrawalEnded': no,
    'account.depositRequested': no,
    'account.depositReturnRequested': no,
    'account.packageBought': no,
    'account.packageRequested': no,
    'account.packagesExpired': no,
    'account.holdRequested': no,
    'account.holdRaiseRequested': no,
    'account.captureRequested': no,
    'account.releaseRequested': no,
    'account.correctionRequested': no,
    'account.chargeRequested': no,
    'account.posted': no,
    'account.blocked': no,
    'account.unblocked': 'goodStanding',
    'delivery.bounced': no,
  },
};

it('has every state in its table', () => expect(Object.keys(accountMachine.states)).toEqual(Object.keys(table)));

it.each(Object.entries(table))('A7 goes as the table says, from %s', (state, row) => {
  for (const [type, target] of Object.entries(row)) {
    const run = new AccountRun();
    if (state === 'blocked') run.send(e['account.blocked']);
    run.send(e[type as keyof typeof row]);
    expect([type, run.state]).toEqual([type, target === no ? state : target]);
  }
});

const toppedUp = () => new AccountRun().send(e['account.toppedUp']);
const held = () => toppedUp().send(e['account.holdRequested']);
const hold = e['account.holdRequested'];
const balances = ({ books, ledger }: AccountRun) => [
  [books.prepaidFen, books.heldFen],
  [ledger.balance('C1_prepaid'), ledger.balance('C1_held')],
];
const same = (prepaid: bigint, heldFen: bigint) => [
  [prepaid, heldFen],
  [prepaid, heldFen],
];

describe('holds', () => {
  it('A1 A2 A9 takes from prepaid what it holds', () => {
    expect(held().answers).toEqual(['order.held 36000']);
    expect(balances(held())).toEqual(same(64_000n, 36_000n));
    expect([...held().ledger.transfers()].map(({ key, kind }) => [key, kind])).toEqual([
      ['topup:C1:K1', 'TOP_UP'],
      ['order:O1:hold', 'HOLD'],
    ]);
  });

  it.each([
    ['A1 above credit', { orderId: 'O2', amountFen: fen(64_001n), driverId: null }, 'order.holdRefused NO_CREDIT'],
    ['A1 to the last fen', { orderId: 'O2', amountFen: fen(64_000n), driverId: null }, 'order.held 64000'],
    ['A3 again', {}, 'order.held 36000'],
    ['A3 again with another amount', { amountFen: fen(1n) }, 'order.holdRefused NO_CREDIT'],
    ['A8 for a driver who holds elsewhere', { orderId: 'O2' }, 'order.holdRefused CONCURRENT_ORDER'],
    ['A8 for another driver', { orderId: 'O2', driverId: 'D2' }, 'order.held 36000'],
    ['A1 of nothing', { orderId: 'O2', driverId: null, amountFen: fen(0n) }, 'order.holdRefused NO_CREDIT'],
  ])('%s', (_, over, answer) => {
    expect(
      held()
        .send({ ...hold, ...over })
        .answers.at(-1),
    ).toBe(answer);
  });

  it('A3 is closed for good, and a repaired order holds anew', () => {
    const run = held().send(e['account.releaseRequested']);
    expect(balances(run)).toEqual(same(100_000n, 0n));
    expect(run.send(hold).answers.at(-1)).toBe('order.holdRefused NO_CREDIT');
    expect(run.send({ ...hold, attempt: 2 }, e['account.captureRequested']).answers.at(-1)).toBe('order.captured 33400 2600');
    expect([...run.ledger.transfers()].map(({ key }) => key).slice(-3)).toEqual([
      'order:O1:hold:2',
      'order:O1:expense:2',
      'order:O1:release:2',
    ]);
  });

  it('A7 refuses what is new while it is blocked, and goes on with what is held', () => {
    const run = held().send(e['account.blocked'], { ...hold, orderId: 'O2', driverId: null });
    expect(run.answers.at(-1)).toBe('order.holdRefused NO_CREDIT');
    expect(run.send(e['account.captureRequested']).answers.at(-1)).toBe('order.captured 33400 2600');
  });

  it('A10 gives back what was held for an order that is gone', () => {
    expect(balances(held().send(e['delivery.bounced']))).toEqual(same(100_000n, 0n));
    expect(balances(held().send({ ...e['delivery.bounced'], eventType: 'order.captured' }))).toEqual(same(64_000n, 36_000n));
  });
});

describe('raises', () => {
  const raise = e['account.holdRaiseRequested'];
  it('A13 holds more for an order that holds, each total once', () => {
    const run = held().send(raise, raise, { ...raise, amountFen: fen(40_000n) }, { ...raise, amountFen: fen(60_000n) });
    expect(run.answers.slice(1)).toEqual(['order.held 50000', 'order.held 50000', 'order.held 50000', 'order.held 60000']);
    expect(balances(run)).toEqual(same(40_000n, 60_000n));
    expect(run.send(e['account.captureRequested']).answers.at(-1)).toBe('order.captured 33400 26600');
    expect(balances(run)).toEqual(same(66_600n, 0n));
  });

  it.each([
    ['above credit', [], { amountFen: fen(100_001n) }],
    ['of a blocked account', [e['account.blocked']], {}],
    ['for an order that holds nothing', [], { orderId: 'O9' }],
  ])('A13 refuses more %s', (_, before, over) => {
    const run = held().send(...before, { ...raise, ...over });
    expect(run.answers.at(-1)).toBe('order.holdRefused NO_CREDIT');
    expect(balances(run)).toEqual(same(64_000n, 36_000n));
  });
});

describe('captures', () => {
  const capture = e['account.captureRequested'];
  it('A4 takes the bill and releases the rest', () => {
    const run = held().send(capture);
    expect(run.answers.at(-1)).toBe('order.captured 33400 2600');
    expect(balances(run)).toEqual(same(66_600n, 0n));
    expect(run.ledger.balance('PF_clearing')).toBe(33_400n);
  });

  it('A4 takes the whole hold without a release', () => {
    const run = held().send({ ...capture, amountFen: fen(36_000n) });
    expect([...run.ledger.transfers()].map(({ kind }) => kind)).toEqual(['TOP_UP', 'HOLD', 'SWAP_EXPENSE']);
  });

  it('A5 holds what the hold does not cover, of a blocked account too, and takes it', () => {
    const run = held().send(e['account.blocked'], { ...capture, amountFen: fen(100_000n) });
    expect(run.answers.at(-1)).toBe('order.captured 100000 0');
    expect(balances(run)).toEqual(same(0n, 0n));
    expect([...run.ledger.transfers()].slice(-2)).toMatchObject([
      { key: 'order:O1:hold-to-100000', kind: 'HOLD', amountFen: 64_000n },
      { key: 'order:O1:expense', kind: 'SWAP_EXPENSE', amountFen: 100_000n },
    ]);
  });

  it('A5 refuses a bill above hold and balance; the hold stays until it is released', () => {
    const run = held().send({ ...capture, amountFen: fen(100_001n) });
    expect(run.answers.at(-1)).toBe('order.captureRefused CAPTURE_ABOVE_CREDIT');
    expect(balances(run)).toEqual(same(64_000n, 36_000n));
    expect(balances(run.send(e['account.releaseRequested'], e['account.releaseRequested']))).toEqual(same(100_000n, 0n));
  });

  it.each([0n, -8_100n])('A6 captures nothing of %s and releases all', (amount) => {
    const run = held().send({ ...capture, amountFen: fen(amount) });
    expect(run.answers.at(-1)).toBe('order.captured 0 36000');
    expect(balances(run)).toEqual(same(100_000n, 0n));
  });

  it('A4 captures once', () => {
    expect(held().send(capture, capture).answers.at(-1)).toBe('order.captureRefused HOLD_UNKNOWN');
  });
});

describe('money that comes', () => {
  const topUp = e['account.toppedUp'];
  it('A3 is topped up once for a key', () => {
    const run = toppedUp().send(topUp, { ...topUp, amountFen: fen(1n) }, { ...topUp, key: 'K2', amountFen: fen(0n) });
    expect(run.codes).toEqual(['TOPPED_UP', 'TOPPED_UP', 'KEY_USED_WITH_OTHER_AMOUNT', 'AMOUNT_NOT_POSITIVE']);
    expect(balances(run)).toEqual(same(100_000n, 0n));
  });

  it('A11 is only for carriers', () => {
    const run = new AccountRun('SO1').send(topUp);
    expect(run.codes).toEqual(['NOT_A_CARRIER']);
    expect([...run.ledger.transfers()]).toEqual([]);
  });

  it('A11 what a statement below zero owes is paid into income, once, and never by a carrier', () => {
    const collected = { ...topUp, key: 'statement:S1:collect:1', isCollection: true };
    const run = new AccountRun('SO1').send(collected, collected);
    expect(run.codes).toEqual(['TOPPED_UP', 'TOPPED_UP']);
    expect([...run.ledger.transfers()]).toMatchObject([{ key: 'statement:S1:collect:1', kind: 'TOP_UP', creditAccountId: 'SO1_income' }]);
    expect([run.books.incomeFen, run.books.prepaidFen]).toEqual([topUp.amountFen, 0n]);
    expect(new AccountRun().send(collected).codes).toEqual(['NO_INCOME_ACCOUNT']);
  });

  it('A3 A12 is posted once for a key, to prepaid for a carrier, else to income', () => {
    const posted = e['account.posted'];
    expect(toppedUp().send(posted, posted, { ...posted, amountFen: fen(1n) }).books).toMatchObject({ prepaidFen: 105_000n, incomeFen: 0n });
    const owner = new AccountRun('BO1').send({ ...posted, amountFen: fen(-1_318n) });
    expect(owner.books).toMatchObject({ prepaidFen: 0n, incomeFen: -1_318n });
  });
});

describe('deposits', () => {
  const [joins, leaves] = [e['account.depositRequested'], e['account.depositReturnRequested']];
  const books = ({ books: { prepaidFen, deposits }, ledger }: AccountRun) => ({
    prepaid: [prepaidFen, ledger.balance('C1_prepaid')],
    deposit: [(deposits ?? []).reduce((sum, { amountFen }) => sum + amountFen, 0n), ledger.balance('C1_deposit')],
    charged: ledger.balance('BO1_income'),
  });

  it('A14 takes 300.00 for 250 kWh and returns 100.50 of it when 60 kWh are left', () => {
    const run = toppedUp().send(joins);
    expect(books(run)).toEqual({ prepaid: [70_000n, 70_000n], deposit: [30_000n, 30_000n], charged: 0n });
    run.send(leaves);
    expect(books(run)).toEqual({ prepaid: [80_050n, 80_050n], deposit: [0n, 0n], charged: 19_950n });
    expect(run.codes.slice(1)).toEqual(['DEPOSIT_TAKEN', 'DEPOSIT_RETURNED']);
    expect(run.emitted.at(-2)).toMatchObject({ to: 'account:BO1', event: { key: 'deposit:C1:T1:1:charge', amountFen: 19_950n } });
  });

  it('A14 takes and returns a deposit once', () => {
    const run = toppedUp().send(joins, joins, { ...joins, energyWh: 1_000n }, leaves, leaves);
    expect(run.codes.slice(1)).toEqual(['DEPOSIT_TAKEN', 'DEPOSIT_TAKEN', 'DEPOSIT_EXISTS', 'DEPOSIT_RETURNED', 'DEPOSIT_UNKNOWN']);
    expect(books(run)).toEqual({ prepaid: [80_050n, 80_050n], deposit: [0n, 0n], charged: 19_950n });
  });

  it.each([
    ['A14 above the balance', { energyWh: 900_000n }, 'NO_CREDIT'],
    ['A14 for nothing on board', { energyWh: 0n }, 'AMOUNT_NOT_POSITIVE'],
  ])('%s', (_, over, code) => {
    const run = toppedUp().send({ ...joins, ...over });
    expect(run.codes.at(-1)).toBe(code);
    expect(books(run)).toEqual({ prepaid: [100_000n, 100_000n], deposit: [0n, 0n], charged: 0n });
  });

  it('A14 is only for carriers', () => expect(new AccountRun('SO1').send(joins).codes).toEqual(['NOT_A_CARRIER']));

  it('A14 takes from the balance what the deposit does not cover, and refuses what that does not cover either', () => {
    const dear = { ...leaves, energyWh: 0n, terms: { ...leaves.terms, chargeNanoYuanPerKwh: 4_000_000_000n } };
    expect(books(toppedUp().send(joins, dear))).toEqual({ prepaid: [0n, 0n], deposit: [0n, 0n], charged: 100_000n });
    const refused = toppedUp().send(joins, { ...dear, terms: { ...dear.terms, chargeNanoYuanPerKwh: 4_000_100_000n } });
    expect(refused.codes.at(-1)).toBe('NO_CREDIT');
    expect(books(refused)).toEqual({ prepaid: [70_000n, 70_000n], deposit: [30_000n, 30_000n], charged: 0n });
  });

  it('A14 charges nothing to a truck that leaves with more than it joined with', () => {
    expect(books(toppedUp().send(joins, { ...leaves, energyWh: 260_000n }))).toMatchObject({ prepaid: [100_000n, 100_000n], charged: 0n });
  });
});

describe('money that goes', () => {
  const paidOut = e['account.paidOut'];
  it('A15 is paid out of income once for a key', () => {
    const run = new AccountRun('SO1').send(paidOut, paidOut, { ...paidOut, amountFen: fen(1n) });
    expect(run.codes).toEqual(['PAID_OUT', 'PAID_OUT', 'KEY_USED_WITH_OTHER_AMOUNT']);
    expect([run.books.incomeFen, run.ledger.balance('SO1_income'), run.ledger.balance('RAIL_sandbox')]).toEqual([-2_000n, -2_000n, 2_000n]);
    // What is booked ends its alarm; what is refused leaves it.
    expect(run.emitted.filter((each) => each.type === 'effect' && each.effect.type === 'alarm.cleared')).toHaveLength(2);
  });

  it('A15 has nothing to pay out to a carrier', () => expect(new AccountRun().send(paidOut).codes).toEqual(['NO_INCOME_ACCOUNT']));

  const [asks, ends] = [e['account.withdrawalRequested'], e['account.withdrawalEnded']];
  it('A20 holds what a carrier wants back, once a key, and lets it go when the rail has paid', () => {
    const run = toppedUp().send(asks, asks, { ...asks, amountFen: fen(1n) });
    expect(run.codes.slice(1)).toEqual(['WITHDRAWAL_HELD', 'WITHDRAWAL_HELD', 'KEY_USED_WITH_OTHER_AMOUNT']);
    expect(balances(run)).toEqual(same(60_000n, 40_000n));
    expect(run.send(hold, e['account.captureRequested']).answers.at(-1)).toBe('order.captured 33400 2600');
    expect(balances(run.send(ends, ends))).toEqual(same(26_600n, 0n));
    expect([run.codes.slice(-2), run.ledger.balance('RAIL_sandbox')]).toEqual([['WITHDRAWAL_ENDED', 'WITHDRAWAL_ENDED'], -60_000n]);
    expect(run.send(asks).codes.at(-1)).toBe('WITHDRAWAL_ENDED');
    expect([...run.ledger.transfers()].filter(({ key }) => key.startsWith('withdrawal:')).map(({ key, kind }) => [key, kind])).toEqual([
      ['withdrawal:C1:W1:hold', 'HOLD'],
      ['withdrawal:C1:W1', 'REFUND'],
    ]);
  });

  it('A20 gives back to the balance what the rail will not pay, of a blocked account too', () => {
    const run = toppedUp().send(asks, e['account.blocked'], { ...ends, paidBy: null });
    expect(balances(run)).toEqual(same(100_000n, 0n));
    expect(run.send({ ...ends, key: 'W9' }).codes.at(-1)).toBe('WITHDRAWAL_UNKNOWN');
  });

  it.each([
    ['above the balance, held for an order', [hold], { amountFen: fen(64_001n) }, 'NO_CREDIT'],
    ['of nothing', [], { amountFen: fen(0n) }, 'AMOUNT_NOT_POSITIVE'],
    ['below nothing', [], { amountFen: fen(-1n) }, 'AMOUNT_NOT_POSITIVE'],
    ['of a blocked account', [e['account.blocked']], {}, 'ACCOUNT_BLOCKED'],
  ])('A20 refuses to pay out %s', (_, before, over, code) => {
    const run = toppedUp().send(...before);
    const stood = balances(run);
    expect(run.send({ ...asks, ...over }).codes.at(-1)).toBe(code);
    expect(balances(run)).toEqual(stood);
  });

  it('A20 has no balance of an owner to pay out', () => expect(new AccountRun('SO1').send(asks).codes).toEqual(['NOT_A_CARRIER']));
});
