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
  /** How much lower it may be put when its own place is taken; 0: nowhere else. */
  belowPx: number;
  /** Results: shown at all, and shown below what it names. */
  visible: boolean;
  below: boolean;
}

const GAP_PX = 3;
const KEEP_BONUS = 0.5;

/**
 * Chooses which labels are shown: by priority, none over another; one whose place is taken may go below what it names.
 * Deterministic; writes `visible` and `below`. Labels sit centred above their anchor.
 */
export function placeLabels(candidates: LabelCandidate[]): void {
  const ordered = candidates
    .map((candidate, at) => ({ candidate, at, rank: candidate.priority + (candidate.shown ? KEEP_BONUS : 0) }))
    .sort((a, b) => b.rank - a.rank || a.at - b.at);
  const taken: LabelCandidate[] = [];
  for (const { candidate } of ordered) {
    const free = (): boolean => !taken.some((other) => overlap(candidate, other));
    const wasBelow = candidate.shown && candidate.below;
    candidate.below = wasBelow;
    candidate.visible = free();
    if (!candidate.visible && candidate.belowPx > 0) {
      candidate.below = !wasBelow;
      candidate.visible = free();
    }
    if (candidate.visible) taken.push(candidate);
  }
}

function overlap(a: LabelCandidate, b: LabelCandidate): boolean {
  const apartX = Math.abs(a.xPx - b.xPx) >= (a.widthPx + b.widthPx) / 2 + GAP_PX;
  const middleOf = (label: LabelCandidate): number => label.yPx + (label.below ? label.belowPx : 0) - label.heightPx / 2;
  const apartY = Math.abs(middleOf(a) - middleOf(b)) >= (a.heightPx + b.heightPx) / 2 + GAP_PX;
  return !apartX && !apartY;
}
