/** A label that wants a place on the screen: its anchor, its size, and how much it matters. */
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
  /** Result. */
  visible: boolean;
}

const GAP_PX = 3;
const KEEP_BONUS = 0.5;

/**
 * Chooses which labels are shown: by priority, none over another. Deterministic; writes `visible`.
 * Labels sit centred above their anchor.
 */
export function placeLabels(candidates: LabelCandidate[]): void {
  const ordered = candidates
    .map((candidate, at) => ({ candidate, at, rank: candidate.priority + (candidate.shown ? KEEP_BONUS : 0) }))
    .sort((a, b) => b.rank - a.rank || a.at - b.at);
  const taken: LabelCandidate[] = [];
  for (const { candidate } of ordered) {
    candidate.visible = !taken.some((other) => overlap(candidate, other));
    if (candidate.visible) taken.push(candidate);
  }
}

function overlap(a: LabelCandidate, b: LabelCandidate): boolean {
  const apartX = Math.abs(a.xPx - b.xPx) >= (a.widthPx + b.widthPx) / 2 + GAP_PX;
  const apartY = Math.abs(a.yPx - a.heightPx / 2 - (b.yPx - b.heightPx / 2)) >= (a.heightPx + b.heightPx) / 2 + GAP_PX;
  return !apartX && !apartY;
}
