import type { Effect, EffectOf } from '@corridor/actors/network/effect';
import type { SettlementPeriod } from '@corridor/protocols/agreement/settlement-agreement';
import { assert } from '@corridor/protocols/assert';
import { expect, it } from 'vitest';
import type { SettlementPlan } from '../scenario/business.schema.ts';
import { problemText, ScenarioError } from '../scenario/problem.ts';
import { readScenario } from '../scenario/read-scenario.ts';
import type { Scenario } from '../scenario/scenario.schema.ts';
import { fullEngineDifference } from './full-engine-comparison.ts';
import { runFull } from './full-run.ts';
import { smallCorridor } from './small-corridor.fixture.ts';

const DAY_MS = 86_400_000;
const BUSINESS = smallCorridor().business;
assert(BUSINESS !== undefined, 'a business');
const EARNERS = BUSINESS.principals.filter(({ kind }) => kind !== 'CARRIER');

const settledBy = (period: (kind: string) => SettlementPeriod, belowZero: SettlementPlan['belowZero'] = 'CARRY'): SettlementPlan[] =>
  EARNERS.map(({ id: principalId, kind }) => ({ principalId, period: period(kind), belowZero }));

/** Six trucks and one station, for some days from a Wednesday on. */
function posed(settlements: SettlementPlan[] | undefined, days = 3): Scenario {
  const small = smallCorridor({ days }, { bays: 2, packs: 9, chargers: 9 });
  const business = settlements === undefined ? small.business : Object.assign({}, small.business, { settlements });
  return { ...small, business, fleets: small.fleets.map((fleet) => ({ ...fleet, trucks: 6, legVariationRatio: 0.2 })) } as Scenario;
}

function run(scenario: Scenario, seed = 1) {
  const effects: Effect[] = [];
  const result = runFull({ scenario, seed, engine: 'compiled', detailed: true, onEffect: (effect) => effects.push(effect) });
  return { ...result, effects, statements: result.statements ?? [] };
}
const of = <T extends Effect['type']>(effects: readonly Effect[], type: T) =>
  effects.filter((effect): effect is EffectOf<T> => effect.type === type);
const sumOf = (amounts: readonly bigint[]) => amounts.reduce((sum, amount) => sum + amount, 0n);

it('closes each principal by its own periods, pays what is payable, and earns nobody more or less', () => {
  const plain = run(posed(undefined));
  const settled = run(posed(settledBy((kind) => (kind === 'STATION_OPERATOR' ? 'T0' : kind === 'BATTERY_OWNER' ? 'D1' : 'M1_15'))));
  expect(plain.statements).toEqual([]);
  expect(settled.swaps).toEqual(plain.swaps);
  for (const { id, kind } of EARNERS) {
    expect(settled.total[`incomeFenPerDay.${id}`]).toBe(plain.total[`incomeFenPerDay.${id}`]);
    const own = settled.statements.filter(({ principalId }) => principalId === id);
    const income = BigInt(Math.round((settled.total[`incomeFenPerDay.${id}`] ?? 0) * 3));
    const owed = BigInt(settled.total[`owedFenAtEnd.${id}`] ?? 0);
    const paid = of(settled.effects, 'ledger.posted').flatMap(({ transfers }) =>
      transfers.filter((transfer) => transfer.kind === 'SETTLEMENT_OUT' && transfer.debitAccountId === `${id}_income`),
    );
    // What was earned is paid, or owed.
    expect(sumOf(paid.map(({ amountFen }) => amountFen)) + owed, id).toBe(income);
    expect(paid.map(({ key }) => key)).toEqual(
      own.filter(({ state }) => state === 'FROZEN').map(({ statementId }) => `payout:${statementId}`),
    );
    if (income > 0n) expect(own.length).toBeGreaterThan(kind === 'STATION_OPERATOR' ? 24 : kind === 'BATTERY_OWNER' ? 1 : -1);
    for (const { totalFen, ordersFen, othersFen, carriedInFen } of own) expect(totalFen).toBe(ordersFen + othersFen + carriedInFen);
    // The month is not over.
    if (kind === 'PLATFORM') expect([own.length, settled.total[`paidOutFenPerDay.${id}`], owed]).toEqual([0, 0, income]);
  }
  expect(of(settled.effects, 'statement.frozen').map(({ statement }) => statement.statementId)).toEqual(
    settled.statements.map(({ statementId }) => statementId),
  );
  expect(settled.total['ledgerSumFen']).toBe(0);
});

it('begins periods where the live settlement does, and ends them before what is booked later', () => {
  const { statements, effects } = run(posed(settledBy(() => 'D1')));
  expect(statements.length).toBeGreaterThan(4);
  for (const { fromMs, untilMs, payableAtMs, principalId, ordersFen } of statements) {
    expect(new Date(fromMs).toISOString()).toMatch(/T16:00:00\.000Z$/);
    expect([untilMs - fromMs, payableAtMs]).toEqual([DAY_MS, untilMs]);
    const billed = of(effects, 'order.billed').filter(({ atMs }) => atMs >= fromMs && atMs < untilMs);
    const shares = billed.flatMap(({ bill }) => bill.shares.filter((share) => share.principalId === principalId));
    expect(sumOf(shares.map(({ netFen }) => netFen))).toBe(ordersFen);
  }
});

it('counts what is paid for the days that are counted, not for the one before them', () => {
  const { statements, total } = run({
    ...posed(
      settledBy(() => 'D1'),
      4,
    ),
    warmUpDays: 1,
  });
  const firstMs = Math.min(...statements.map(({ untilMs }) => untilMs));
  expect(total['statements']).toBe(statements.filter(({ untilMs }) => untilMs > firstMs).length);
  expect(total['statements']).toBeLessThan(statements.length);
  for (const { id } of EARNERS.slice(1)) {
    const paid = statements.filter(({ principalId, state, untilMs }) => principalId === id && state === 'FROZEN' && untilMs > firstMs);
    expect(total[`paidOutFenPerDay.${id}`], id).toBe(Number(sumOf(paid.map(({ totalFen }) => totalFen))) / 3);
    expect(total[`paidOutFenPerDay.${id}`], id).toBe(total[`incomeFenPerDay.${id}`]);
  }
});

it('takes a statement below zero off the next one, or has it paid in', () => {
  // What is collected is told, beside what is earned.
  const collected = run(posed(settledBy(() => 'T0', 'COLLECT'))).total;
  const sum = (name: string): number =>
    EARNERS.reduce((fen, { id }) => fen + Math.round((collected[`${name}.${id}`] ?? Number.NaN) * 3), 0);
  const owed = EARNERS.reduce((fen, { id }) => fen + (collected[`owedFenAtEnd.${id}`] ?? Number.NaN), 0);
  expect(sum('paidOutFenPerDay') - sum('collectedFenPerDay') + owed).toBe(sum('incomeFenPerDay'));
  expect(sum('collectedFenPerDay')).toBeGreaterThan(0);
  // Packs come back fuller than they went out for some owner in some hour: its statement of that hour is below zero.
  for (const belowZero of ['CARRY', 'COLLECT'] as const) {
    const { statements, total, effects } = run(posed(settledBy(() => 'T0', belowZero)));
    const below = statements.filter(({ totalFen }) => totalFen < 0n);
    expect(below.length, belowZero).toBeGreaterThan(0);
    expect(new Set(below.map(({ state }) => state))).toEqual(new Set([belowZero === 'CARRY' ? 'CARRIED' : 'DUE']));
    const carried = statements.filter(({ carriedInFen }) => carriedInFen !== 0n);
    expect(carried.length > 0).toBe(belowZero === 'CARRY');
    const collected = of(effects, 'ledger.posted').flatMap(({ transfers }) => transfers.filter(({ key }) => key.includes(':collect:')));
    expect(collected.length).toBe(belowZero === 'CARRY' ? 0 : below.length);
    expect(total['ledgerSumFen']).toBe(0);
  }
});

it('runs alike under both engines', () => {
  for (const seed of [1, 2])
    expect(
      fullEngineDifference(
        posed(
          settledBy((kind) => (kind === 'BATTERY_OWNER' ? 'T0' : 'D1'), 'COLLECT'),
          1.2,
        ),
        seed,
      ),
    ).toBeNull();
});

it.each<[string, SettlementPlan[], string]>([
  ['one who earns and is not settled', settledBy(() => 'D1').slice(1), `/business/settlements: missing; an entry for ${EARNERS[0]?.id}`],
  [
    'a carrier, who is not paid',
    [...settledBy(() => 'D1'), { principalId: 'C1', period: 'D1', belowZero: 'CARRY' }],
    `/business/settlements/${EARNERS.length}: "C1"; each of `,
  ],
  ['an unknown period', settledBy(() => 'Y1' as SettlementPeriod), '/business/settlements/0/period: "Y1"; one of T0, D1, W1, M1, M1_15'],
])('refuses %s', (_what, settlements, text) => {
  const told = () => readScenario(JSON.stringify(posed(settlements)));
  expect(told).toThrow(ScenarioError);
  try {
    told();
  } catch (error) {
    expect(error instanceof ScenarioError ? error.problems.map(problemText) : []).toContainEqual(expect.stringContaining(text));
  }
});
