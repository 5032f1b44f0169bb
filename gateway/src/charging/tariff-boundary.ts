/** China has one time zone without summer time: UTC+8. */
const LOCAL_OFFSET_MS = 8 * 3_600_000;
const DAY_MS = 86_400_000;

/** First instant after `nowMs` at which a tariff period begins; null without boundaries. Minutes are of the local day. */
export function nextBoundaryMs(nowMs: number, boundariesMinute: readonly number[]): number | null {
  if (boundariesMinute.length === 0) return null;
  const localMs = nowMs + LOCAL_OFFSET_MS;
  const dayStartMs = Math.floor(localMs / DAY_MS) * DAY_MS;
  const candidates = boundariesMinute.flatMap((minute) => [dayStartMs + minute * 60_000, dayStartMs + DAY_MS + minute * 60_000]);
  return Math.min(...candidates.filter((candidateMs) => candidateMs > localMs)) - LOCAL_OFFSET_MS;
}
