import type { BillRow } from './payment-rail.ts';

/** A movement that we hold for true: a payment, or one part of a payout, with what the ledger says of it. */
export interface OurMovement {
  readonly kind: BillRow['kind'];
  /** Our number at the rail. */
  readonly ourNo: string;
  readonly paymentId: string;
  readonly amountFen: bigint;
  /** Whether it is confirmed here. */
  readonly isConfirmed: boolean;
  /** Whether it belongs to the day of the bill. */
  readonly isOfDay: boolean;
}

/** A transfer on the account that mirrors the rail, and the payment that says the same. */
export interface MirrorTransfer {
  readonly key: string;
  readonly amountFen: bigint;
  /** Amount of the confirmed payment of this transfer; null: there is none. */
  readonly paymentFen: bigint | null;
}

export const DIFFERENCE_KINDS = [
  'DUPLICATE',
  'MISSING_HERE',
  'MISSING_THERE',
  'AMOUNT',
  'STATE',
  'CURRENCY',
  'LEDGER_WITHOUT_PAYMENT',
  'LEDGER_AMOUNT',
  'PAYMENT_WITHOUT_LEDGER',
] as const;
export type DifferenceKind = (typeof DIFFERENCE_KINDS)[number];

export interface Difference {
  readonly kind: DifferenceKind;
  /** Our number, or the key of a transfer. */
  readonly number: string;
  readonly paymentId: string | null;
  readonly oursFen: bigint | null;
  readonly theirsFen: bigint | null;
  readonly detail: string;
}

const keyOf = ({ kind, ourNo }: { kind: string; ourNo: string }) => `${kind} ${ourNo}`;

/**
 * Everything in which the rail's bill of a day, our payments and the ledger's mirror of the rail differ.
 * @param ours movements of the day, and those of any day that the bill names
 */
export function reconcile(bill: readonly BillRow[], ours: readonly OurMovement[], mirror: readonly MirrorTransfer[]): Difference[] {
  const mine = new Map(ours.map((each) => [keyOf(each), each]));
  const seen = new Set<string>();
  const differences: Difference[] = [];
  for (const row of bill) {
    const key = keyOf(row);
    const movement = mine.get(key);
    if (seen.has(key)) differences.push(billDifference('DUPLICATE', row, movement, 'the bill names it more than once'));
    else differences.push(...rowDifferences(row, movement));
    seen.add(key);
  }
  for (const movement of ours) {
    if (movement.isConfirmed && movement.isOfDay && !seen.has(keyOf(movement))) differences.push(missingThere(movement));
  }
  return [...differences, ...mirror.flatMap(mirrorDifferences)];
}

function rowDifferences(row: BillRow, movement: OurMovement | undefined): Difference[] {
  if (movement === undefined) return [billDifference('MISSING_HERE', row, movement, `the rail moved it, number ${row.railNo}`)];
  const found: Difference[] = [];
  if (row.currency !== 'CNY') found.push(billDifference('CURRENCY', row, movement, row.currency));
  if (row.amountFen !== movement.amountFen) found.push(billDifference('AMOUNT', row, movement, 'other amounts'));
  if ((row.state === 'SUCCESS') !== movement.isConfirmed)
    found.push(billDifference('STATE', row, movement, `${row.state} there, ${movement.isConfirmed ? 'confirmed' : 'not confirmed'} here`));
  return found;
}

const billDifference = (kind: DifferenceKind, row: BillRow, movement: OurMovement | undefined, detail: string): Difference => ({
  kind,
  number: row.ourNo,
  paymentId: movement?.paymentId ?? null,
  oursFen: movement?.amountFen ?? null,
  theirsFen: row.amountFen,
  detail,
});

const missingThere = ({ ourNo, paymentId, amountFen }: OurMovement): Difference => ({
  kind: 'MISSING_THERE',
  number: ourNo,
  paymentId,
  oursFen: amountFen,
  theirsFen: null,
  detail: 'confirmed here, and not in the bill of its day',
});

function mirrorDifferences({ key, amountFen, paymentFen }: MirrorTransfer): Difference[] {
  const difference = (kind: DifferenceKind, detail: string): Difference[] => [
    { kind, number: key, paymentId: paymentFen === null ? null : key, oursFen: amountFen, theirsFen: paymentFen, detail },
  ];
  if (paymentFen === null) return difference('LEDGER_WITHOUT_PAYMENT', 'the ledger moved money of the rail without a payment');
  return paymentFen === amountFen ? [] : difference('LEDGER_AMOUNT', 'the ledger says another amount than the payment');
}

/** Net that a bill brought in: what came in less what went out. */
export const netFenOf = (rows: readonly { kind: BillRow['kind']; amountFen: bigint }[]): bigint =>
  rows.reduce((sum, { kind, amountFen }) => (kind === 'TOP_UP' ? sum + amountFen : sum - amountFen), 0n);
