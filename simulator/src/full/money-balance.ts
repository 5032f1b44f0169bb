import type { AccountContext } from '@corridor/actors/account/account.rules';
import { refOf } from '@corridor/actors/network/entity-ref';
import { violated } from '@corridor/protocols/assert';
import type { FullWorld } from './full-world.ts';

/** Money of a run since its first instant [fen]. */
export interface MoneyBalance {
  /** By carriers, and by who earned less than nothing. */
  paidInFen: bigint;
  /** To who earned. */
  paidOutFen: bigint;
  /** On the accounts of all principals, as their actors have them. */
  heldFen: bigint;
  /** What accounts have and nobody paid in: 0. */
  leftOverFen: bigint;
}

/**
 * What is on the accounts is what came in and did not go out. No sum is made of another, nor of the postings, of which each takes what it gives: what was
 * paid is counted where it is paid, and balances are read from the account actors, which reckon for themselves.
 */
export function moneyBalanceOf({ scenario, twin, topUps, desk }: FullWorld): MoneyBalance {
  const paidInFen = topUps.paidInFen + (desk === null ? 0n : desk.collectedFen);
  const paidOutFen = desk === null ? 0n : desk.paidOutFen;
  let heldFen = 0n;
  for (const { id } of scenario.business.principals) {
    const view = twin.network.view(refOf('account', id)) ?? violated(`${id} has no account`);
    const { books } = view.context as AccountContext;
    heldFen += books.prepaidFen + books.heldFen + books.incomeFen;
  }
  return { paidInFen, paidOutFen, heldFen, leftOverFen: heldFen + paidOutFen - paidInFen };
}
