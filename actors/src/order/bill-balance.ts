import type { Bill } from './bill.ts';

/** Whom the shares give another gross than its lines; undefined: nobody. A bill has few who earn: looking through them is quicker than keys. */
function wronglyGross({ lines, shares }: Pick<Bill, 'lines' | 'shares'>): { principalId: string; fen: bigint } | undefined {
  for (const { principalId } of shares) {
    const fen = grossOf(principalId, shares) - earnedBy(principalId, lines);
    if (fen !== 0n) return { principalId, fen };
  }
  for (const { beneficiaryId: principalId } of lines) {
    if (shares.some((share) => share.principalId === principalId)) continue;
    const fen = earnedBy(principalId, lines);
    if (fen !== 0n) return { principalId, fen: -fen };
  }
  return undefined;
}

function grossOf(principalId: string, shares: Bill['shares']): bigint {
  let sumFen = 0n;
  for (const share of shares) if (share.principalId === principalId) sumFen += share.grossFen;
  return sumFen;
}

function earnedBy(principalId: string, lines: Bill['lines']): bigint {
  let sumFen = 0n;
  for (const line of lines) if (line.beneficiaryId === principalId) sumFen += line.amountFen;
  return sumFen;
}

/**
 * Why a bill may not be booked; null: its lines, its shares and the commission between them are one sum, and everybody has the gross of
 * its own lines. Asked before anything is captured,
 * also of a bill that was kept while its hold was asked for.
 */
export function imbalanceOf({ payableFen, packageDraw, lines, shares }: Bill): string | null {
  let linesFen = 0n;
  for (const { amountFen } of lines) linesFen += amountFen;
  if (linesFen !== payableFen) return `lines sum to ${linesFen} fen of ${payableFen}`;
  let netFen = 0n;
  let commissionFen = 0n;
  for (const share of shares) {
    netFen += share.netFen;
    commissionFen += share.commissionFen;
  }
  if (netFen !== payableFen) return `nets sum to ${netFen} fen of ${payableFen}`;
  const off = shares.find((share) => share.grossFen + share.commissionFen !== share.netFen);
  if (off !== undefined) return `${off.principalId} gets ${off.netFen} fen of ${off.grossFen} with a commission of ${off.commissionFen}`;
  const wrong = wronglyGross({ lines, shares });
  if (wrong !== undefined) return `gross of ${wrong.principalId} is ${wrong.fen} fen off its lines`;
  if (commissionFen !== 0n) return `commission between the parties sums to ${commissionFen} fen`;
  if (packageDraw !== null && packageDraw.amountFen < 0n) return `a package pays ${packageDraw.amountFen} fen`;
  return null;
}
