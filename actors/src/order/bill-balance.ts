import type { Bill } from './bill.ts';

const sumOf = (amounts: readonly bigint[]): bigint => amounts.reduce((sum, amount) => sum + amount, 0n);

/** Whom the shares give another gross than its lines; undefined: nobody. */
function wronglyGross({ lines, shares }: Pick<Bill, 'lines' | 'shares'>): { principalId: string; fen: bigint } | undefined {
  const off = new Map<string, bigint>();
  for (const { principalId, grossFen } of shares) off.set(principalId, (off.get(principalId) ?? 0n) + grossFen);
  for (const { beneficiaryId, amountFen } of lines) off.set(beneficiaryId, (off.get(beneficiaryId) ?? 0n) - amountFen);
  for (const [principalId, fen] of off) if (fen !== 0n) return { principalId, fen };
  return undefined;
}

/**
 * Why a bill may not be booked; null: its lines, its shares and the commission between them are one sum, and everybody has the gross of
 * its own lines. Asked before anything is captured,
 * also of a bill that was kept while its hold was asked for.
 */
export function imbalanceOf({ payableFen, packageDraw, lines, shares }: Bill): string | null {
  const linesFen = sumOf(lines.map(({ amountFen }) => amountFen));
  if (linesFen !== payableFen) return `lines sum to ${linesFen} fen of ${payableFen}`;
  const netFen = sumOf(shares.map((share) => share.netFen));
  if (netFen !== payableFen) return `nets sum to ${netFen} fen of ${payableFen}`;
  const off = shares.find((share) => share.grossFen + share.commissionFen !== share.netFen);
  if (off !== undefined) return `${off.principalId} gets ${off.netFen} fen of ${off.grossFen} with a commission of ${off.commissionFen}`;
  const wrong = wronglyGross({ lines, shares });
  if (wrong !== undefined) return `gross of ${wrong.principalId} is ${wrong.fen} fen off its lines`;
  const commissionFen = sumOf(shares.map((share) => share.commissionFen));
  if (commissionFen !== 0n) return `commission between the parties sums to ${commissionFen} fen`;
  if (packageDraw !== null && packageDraw.amountFen < 0n) return `a package pays ${packageDraw.amountFen} fen`;
  return null;
}
