import { accountOf } from '../ledger/transfer.ts';
import type { SettlementStep } from '../settlement/settlement-step.ts';
import type { Effect } from './effect.ts';
import type { Intent } from './input.ts';

/** @param id of the principal, order, statement, or list that the step is about */
export const settlementAlarmIdOf = (step: SettlementStep, id: string): string => `SETTLEMENT_FAILED-${step}-${id}`;

/** One alarm for each thing that is not settled, however often it is tried; over when it is done. Nobody's but the platform's. */
export function settlementAlarm({ platformId, step, id, reason }: Extract<Intent, { type: 'settlement.failed' }>, atMs: number): Effect {
  const alarmId = settlementAlarmIdOf(step, id);
  if (reason === null) return { type: 'alarm.cleared', atMs, alarmId };
  return {
    type: 'alarm.raised',
    atMs,
    alarmId,
    code: 'SETTLEMENT_FAILED',
    level: 2,
    scope: 'account',
    scopeId: accountOf.clearing(platformId),
    detail: `Settlement, ${step} ${id}: ${reason}.`,
    args: { step, id, reason },
  };
}
