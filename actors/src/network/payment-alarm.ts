import { withdrawalKey } from '../account/withdrawal.rules.ts';
import type { Effect, EffectOf } from './effect.ts';
import type { Intent } from './input.ts';

type Reconciled = Extract<Intent, { type: 'payment.reconciled' }>;
type PayoutFailed = Extract<Intent, { type: 'payment.payoutFailed' }>;
type WithdrawalStuck = Extract<Intent, { type: 'payment.withdrawalStuck' }>;

/** One alarm a channel and day of the rail; nobody's but the platform's. */
export function reconciliationAlarm({ channel, billDate, differences, detail }: Reconciled, atMs: number): Effect {
  const alarmId = `PAYMENT_DIFFERENCE-${channel}-${billDate}`;
  if (differences === 0) return { type: 'alarm.cleared', atMs, alarmId };
  return {
    type: 'alarm.raised',
    atMs,
    alarmId,
    code: 'PAYMENT_DIFFERENCE',
    level: 2,
    scope: 'account',
    scopeId: `RAIL_${channel}`,
    detail,
    args: { channel, billDate, differences },
  };
}

const payoutAlarmIdOf = (statementId: string): string => `PAYOUT_FAILED-${statementId}`;

/** One alarm a statement, however often its payout is tried. */
export const payoutFailedAlarm = ({ statementId, principalId, reason }: PayoutFailed, atMs: number): Effect => ({
  type: 'alarm.raised',
  atMs,
  alarmId: payoutAlarmIdOf(statementId),
  code: 'PAYOUT_FAILED',
  level: 2,
  scope: 'account',
  scopeId: `${principalId}_income`,
  detail: `Statement ${statementId} of ${principalId} is not paid out: ${reason}.`,
  args: { statementId, reason },
});

/** The money is with its receiver: normal again, if it ever was not. */
export const payoutEndedAlarm = (statementId: string, atMs: number): EffectOf<'alarm.cleared'> => ({
  type: 'alarm.cleared',
  atMs,
  alarmId: payoutAlarmIdOf(statementId),
});

const withdrawalAlarmIdOf = (paymentId: string): string => `WITHDRAWAL_STUCK-${paymentId}`;

/** Balance that is held and cannot go all to whom it belongs. */
export function withdrawalStuckAlarm({ key, principalId, reason }: WithdrawalStuck, atMs: number): Effect {
  const paymentId = withdrawalKey(principalId, key);
  return {
    type: 'alarm.raised',
    atMs,
    alarmId: withdrawalAlarmIdOf(paymentId),
    code: 'WITHDRAWAL_STUCK',
    level: 2,
    scope: 'account',
    scopeId: `${principalId}_prepaid`,
    detail: `${paymentId} is not paid back whole: ${reason}.`,
    args: { paymentId, reason },
  };
}

/** It is paid, or back in the balance. */
export const withdrawalEndedAlarm = (paymentId: string, atMs: number): EffectOf<'alarm.cleared'> => ({
  type: 'alarm.cleared',
  atMs,
  alarmId: withdrawalAlarmIdOf(paymentId),
});
