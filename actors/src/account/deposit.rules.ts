import type { Contract } from '@corridor/protocols/network-file';
import { type Fen, fen, ZERO_FEN } from '../ledger/fen.ts';
import { energyFeeFen } from '../ledger/fen-arithmetic.ts';
import { accountOf, type Transfer } from '../ledger/transfer.ts';
import type { Books, BooksOwner, Decision } from './hold.rules.ts';

/** Deposit for the energy that a truck has on board when it joins (车辆电量押金). */
export interface Deposit {
  truckId: string;
  /** 1, and one more each time the truck joins again. */
  round: number;
  /** On board when it joined. */
  energyWh: bigint;
  amountFen: Fen;
  /** What was agreed when it was taken, for when it goes back; absent in deposits of before. */
  terms?: DepositTerms;
}

/** What a contract says of deposits; the defaults are assumptions, 1.20 and 1.05 yuan/kWh. */
export interface DepositTerms {
  /** Taken for each kWh on board when a truck joins. */
  depositNanoYuanPerKwh: bigint;
  /** Charged for each kWh that is missing when it leaves. */
  chargeNanoYuanPerKwh: bigint;
  /** Principal who is paid for the energy that is missing. */
  beneficiaryId: string;
}
export const DEPOSIT_NANO_YUAN_PER_KWH = 1_200_000_000n;
export const DEPOSIT_CHARGE_NANO_YUAN_PER_KWH = 1_050_000_000n;

/**
 * The terms of a contract, or the defaults where it says nothing.
 * @param beneficiaryId who is paid for what is missing: the platform, which lent the energy, unless the parties agreed on another
 */
export function depositTermsOf({ energyDeposit }: Pick<Contract, 'energyDeposit'>, beneficiaryId: string): DepositTerms {
  return {
    depositNanoYuanPerKwh: energyDeposit === undefined ? DEPOSIT_NANO_YUAN_PER_KWH : BigInt(energyDeposit.joinNanoYuanPerKwh),
    chargeNanoYuanPerKwh: energyDeposit === undefined ? DEPOSIT_CHARGE_NANO_YUAN_PER_KWH : BigInt(energyDeposit.leaveNanoYuanPerKwh),
    beneficiaryId,
  };
}

/** What becomes of a request for a deposit, in the order in which it is checked. */
export const DEPOSIT_RESULTS = ['exists', 'exists_with_different_amount', 'amount_is_not_positive', 'exceeds_credits', 'taken'] as const;
export type DepositResult = (typeof DEPOSIT_RESULTS)[number];
export const DEPOSIT_RETURN_RESULTS = ['deposit_unknown', 'energy_is_negative', 'exceeds_credits', 'returned'] as const;
export type DepositReturnResult = (typeof DEPOSIT_RETURN_RESULTS)[number];

export const depositsOf = (books: Pick<Books, 'deposits'>): readonly Deposit[] => books.deposits ?? [];

/** In the ledger; rounds count for each carrier, so that whoever buys a truck has a first one too. */
export const depositKey = ({ principalId }: Pick<BooksOwner, 'principalId'>, truckId: string, round: number): string =>
  `deposit:${principalId}:${truckId}:${round}`;

/** A truck joins: carrier prepaid -> deposits held. A blocked account may still pay what it owes. */
export function decideDeposit(
  owner: BooksOwner,
  books: Books,
  ask: { truckId: string; energyWh: bigint; terms: DepositTerms },
): Decision<DepositResult> & { depositFen: Fen } {
  const { truckId, energyWh, terms } = ask;
  const round = (books.depositRounds?.[truckId] ?? 0) + 1;
  const depositFen = energyFeeFen(energyWh, terms.depositNanoYuanPerKwh);
  const refuse = (result: DepositResult) => ({ result, books, transfers: [], depositFen });
  const known = depositsOf(books).find((each) => each.truckId === truckId);
  if (known) return refuse(known.amountFen === depositFen ? 'exists' : 'exists_with_different_amount');
  if (depositFen <= 0n) return refuse('amount_is_not_positive');
  if (depositFen > books.prepaidFen) return refuse('exceeds_credits');
  return {
    result: 'taken',
    depositFen,
    books: {
      ...books,
      prepaidFen: fen(books.prepaidFen - depositFen),
      deposits: [...depositsOf(books), { truckId, round, energyWh, amountFen: depositFen, terms }],
      depositRounds: { ...books.depositRounds, [truckId]: round },
    },
    transfers: [
      {
        key: depositKey(owner, truckId, round),
        kind: 'ENERGY_DEPOSIT',
        debitAccountId: accountOf.prepaid(owner.principalId),
        creditAccountId: accountOf.deposit(owner.principalId),
        amountFen: depositFen,
        orderId: null,
      },
    ],
  };
}

/**
 * A truck leaves with `energyWh` on board: what is missing is charged, the rest of the deposit goes back. A charge above the
 * deposit takes the rest from the prepaid balance. Energy above what it joined with is not paid for here.
 * @returns `chargedFen` is what the beneficiary gets
 */
export function decideDepositReturn(
  owner: BooksOwner,
  books: Books,
  ask: { truckId: string; energyWh: bigint; terms: DepositTerms },
): Decision<DepositReturnResult> & { chargedFen: Fen; refundFen: Fen; key: string } {
  const { truckId, energyWh, terms } = ask;
  const deposit = depositsOf(books).find((each) => each.truckId === truckId);
  const key = depositKey(owner, truckId, deposit?.round ?? 0);
  const refuse = (result: DepositReturnResult) => ({
    result,
    books,
    transfers: [],
    chargedFen: ZERO_FEN,
    refundFen: ZERO_FEN,
    key,
  });
  if (deposit === undefined) return refuse('deposit_unknown');
  if (energyWh < 0n) return refuse('energy_is_negative');
  const missingWh = energyWh < deposit.energyWh ? deposit.energyWh - energyWh : 0n;
  const chargedFen = energyFeeFen(missingWh, terms.chargeNanoYuanPerKwh);
  const covered = chargedFen < deposit.amountFen ? chargedFen : deposit.amountFen;
  const [refundFen, shortFen] = [fen(deposit.amountFen - covered), fen(chargedFen - covered)];
  if (shortFen > books.prepaidFen) return refuse('exceeds_credits');
  const [prepaid, held, income] = [
    accountOf.prepaid(owner.principalId),
    accountOf.deposit(owner.principalId),
    accountOf.income(terms.beneficiaryId),
  ];
  const moves: [string, Transfer['kind'], string, string, Fen][] = [
    ['charge', 'CORRECTION', held, income, fen(covered)],
    ['charge-rest', 'CORRECTION', prepaid, income, shortFen],
    ['refund', 'ENERGY_DEPOSIT_REFUND', held, prepaid, refundFen],
  ];
  return {
    result: 'returned',
    chargedFen,
    refundFen,
    key,
    books: {
      ...books,
      prepaidFen: fen(books.prepaidFen + refundFen - shortFen),
      deposits: depositsOf(books).filter((each) => each !== deposit),
    },
    transfers: moves
      .filter(([, , , , amountFen]) => amountFen > 0n)
      .map(([name, kind, debitAccountId, creditAccountId, amountFen]) => ({
        key: `${key}:${name}`,
        kind,
        debitAccountId,
        creditAccountId,
        amountFen,
        orderId: null,
      })),
  };
}
