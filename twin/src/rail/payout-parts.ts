interface HasLeft {
  readonly leftFen: bigint;
}
export interface Part<Source extends HasLeft> {
  readonly source: Source;
  readonly amountFen: bigint;
}

/**
 * Which trades a payment out is paid out of: in their order, each to its last fen.
 * @param amountFen > 0   @returns null when all of them together are not enough
 */
export function partsOf<Source extends HasLeft>(amountFen: bigint, sources: readonly Source[]): Part<Source>[] | null {
  const parts: Part<Source>[] = [];
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
