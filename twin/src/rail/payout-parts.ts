import type { Source } from './payouts.queries.ts';

export interface Part {
  readonly source: Source;
  readonly amountFen: bigint;
}

/**
 * Which trades a payout is paid out of: the oldest first, each to its last fen.
 * @param amountFen > 0   @returns null when all of them together are not enough
 */
export function partsOf(amountFen: bigint, sources: readonly Source[]): Part[] | null {
  const parts: Part[] = [];
  let missingFen = amountFen;
  for (const source of sources) {
    if (missingFen <= 0n) break;
    if (source.leftFen <= 0n) continue;
    const takenFen = source.leftFen < missingFen ? source.leftFen : missingFen;
    parts.push({ source, amountFen: takenFen });
    missingFen -= takenFen;
  }
  return missingFen > 0n ? null : parts;
}
