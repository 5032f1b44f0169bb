export type PowerWish = { evseId: number; wishW: number };

/**
 * Divides a limit among chargers by water-filling: nobody gets more than he can take, and what one leaves the others share
 * equally.
 * @returns W by evseId, whole watts, sum <= limitW
 */
export function sharePower(wishes: readonly PowerWish[], limitW: number): Map<number, number> {
  const shares = new Map<number, number>();
  let leftW = Math.max(0, limitW);
  const ascending = wishes.toSorted((a, b) => a.wishW - b.wishW || a.evseId - b.evseId);
  for (const [index, { evseId, wishW }] of ascending.entries()) {
    const shareW = Math.floor(Math.min(Math.max(0, wishW), leftW / (ascending.length - index)));
    shares.set(evseId, shareW);
    leftW -= shareW;
  }
  return shares;
}
