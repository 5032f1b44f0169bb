import type { Trial } from './draft-reference.ts';
import { isWithoutPackages } from './package-trial.ts';

/** What was left of a package when it was over: its issuer's income. */
export interface ExpiredPackage {
  readonly carrierId: string;
  readonly issuerId: string;
  /** Local date, `2026-11-01`: of the contract that sold it. */
  readonly boughtOn: string;
  readonly amountFen: bigint;
}

/**
 * What a carrier lost by a package that was over. Under a draft that sells none it would have bought none; of other packages than were
 * sold nobody knows what would have expired.
 * @returns null: that
 */
export function expiryTried(
  trial: Trial,
  { carrierId, boughtOn, amountFen }: ExpiredPackage,
): { beforeFen: bigint; afterFen: bigint } | null {
  if (isWithoutPackages(trial, carrierId, boughtOn)) return null;
  const isSold = trial.tried.contractOf(carrierId, boughtOn)?.billing?.mode === 'PACKAGE';
  return { beforeFen: amountFen, afterFen: isSold ? amountFen : 0n };
}
