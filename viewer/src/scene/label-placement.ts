import type { Insets } from './view-fit.ts';

/** Where a label may stand: from what it names to the middle of the label, in parts of the label's size and in pixels. */
export interface LabelSpot {
  widths: number;
  xPx: number;
  heights: number;
  yPx: number;
}

/** A label that wants a place on the screen: what it names, its size, and how much it matters. */
export interface LabelCandidate {
  /** Screen position of what it names, CSS pixels. */
  xPx: number;
  yPx: number;
  widthPx: number;
  heightPx: number;
  /** Higher wins. */
  priority: number;
  /** Shown before: keeps its place against equals, so that labels do not flicker. */
  shown: boolean;
  /** In the order in which they are tried. */
  spots: readonly LabelSpot[];
  /** Stays off the boxes that are not labels. */
  avoids: boolean;
  /** Result: which spot, -1 for none. What was chosen before is tried first. */
  spot: number;
}

export interface ScreenBox {
  xPx: number;
  yPx: number;
  halfWidthPx: number;
  halfHeightPx: number;
}

const GAP_PX = 3;
const KEEP_BONUS = 0.5;

/** The part of the window, of the given size, in which labels may be. */
export interface LabelRoom extends Insets {
  widthPx: number;
  heightPx: number;
}

/** What is under a panel has no label; what is beside one has its label pushed off it. */
export function isInRoom({ xPx, yPx }: LabelCandidate, room: LabelRoom): boolean {
  return xPx >= room.left && xPx <= room.widthPx - room.right && yPx >= room.top && yPx <= room.heightPx - room.bottom;
}

/** Writes where the label stands at that spot into `out`. */
export function boxAt(label: LabelCandidate, spot: number, room: LabelRoom, out: ScreenBox): void {
  const { widths, xPx, heights, yPx } = label.spots[spot] as LabelSpot;
  out.halfWidthPx = label.widthPx / 2;
  out.halfHeightPx = label.heightPx / 2;
  const wantedX = label.xPx + widths * label.widthPx + xPx;
  const wantedY = label.yPx + heights * label.heightPx + yPx;
  out.xPx = Math.min(Math.max(wantedX, room.left + out.halfWidthPx), room.widthPx - room.right - out.halfWidthPx);
  out.yPx = Math.min(Math.max(wantedY, room.top + out.halfHeightPx), room.heightPx - room.bottom - out.halfHeightPx);
}

/**
 * Chooses which labels are shown and where: by priority, none over another, none under a panel. Deterministic; writes
 * `spot`.
 *
 * @param blocked what labels that avoid it stay off
 */
export function placeLabels(candidates: LabelCandidate[], room: LabelRoom, blocked: readonly ScreenBox[] = []): void {
  const ordered = candidates
    .map((candidate, at) => ({ candidate, at, rank: candidate.priority + (candidate.shown ? KEEP_BONUS : 0) }))
    .sort((a, b) => b.rank - a.rank || a.at - b.at);
  const taken: ScreenBox[] = [];
  for (const { candidate } of ordered) {
    const before = candidate.shown ? candidate.spot : -1;
    candidate.spot = -1;
    if (!isInRoom(candidate, room)) continue;
    const box: ScreenBox = { xPx: 0, yPx: 0, halfWidthPx: 0, halfHeightPx: 0 };
    const isFree = (spot: number): boolean => {
      boxAt(candidate, spot, room, box);
      return !taken.some((other) => overlap(box, other)) && !(candidate.avoids && blocked.some((other) => overlap(box, other)));
    };
    if (before >= 0 && before < candidate.spots.length && isFree(before)) candidate.spot = before;
    else candidate.spot = candidate.spots.findIndex((_, spot) => isFree(spot));
    if (candidate.spot >= 0) taken.push(box);
  }
}

function overlap(a: ScreenBox, b: ScreenBox): boolean {
  const apartX = Math.abs(a.xPx - b.xPx) >= a.halfWidthPx + b.halfWidthPx + GAP_PX;
  const apartY = Math.abs(a.yPx - b.yPx) >= a.halfHeightPx + b.halfHeightPx + GAP_PX;
  return !apartX && !apartY;
}
