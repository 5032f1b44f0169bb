/** A rate, tariff or price list that replaces its predecessor at a local midnight. */
export interface Versioned {
  id: string;
  /** Local date, `2026-01-01`, inclusive. */
  effectiveFrom: string;
}

/**
 * The newest version that has begun by a local date; at equal dates the later id. undefined: none has begun.
 * ISO dates compare as text.
 */
export function versionInForce<T extends Versioned>(versions: Iterable<T>, onDate: string): T | undefined {
  let newest: T | undefined;
  for (const version of versions) {
    if (version.effectiveFrom > onDate) continue;
    const later =
      newest === undefined ||
      version.effectiveFrom > newest.effectiveFrom ||
      (version.effectiveFrom === newest.effectiveFrom && version.id > newest.id);
    if (later) newest = version;
  }
  return newest;
}
