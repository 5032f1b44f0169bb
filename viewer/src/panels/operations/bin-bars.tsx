import type { VNode } from 'preact';
import { figure } from '../../format/quantity.ts';
import { dayAndTime } from '../../format/time.ts';

const HEIGHT = 80;
/** The axis reaches so far at least, so that the figure of the limit has room above its line. */
const AXIS_MIN = 13;

/** Counts in time as bars, with the limit that they should stay below; the table beside it says the same in figures. */
export function BinBars({
  counts,
  from,
  binMs,
  limit,
  label,
}: {
  counts: readonly number[];
  from: string;
  binMs: number;
  limit: number | null;
  /** What it shows, for who hears the page. */
  label: string;
}): VNode {
  const top = Math.max(AXIS_MIN, ...counts);
  const y = (count: number): number => HEIGHT - (count / top) * HEIGHT;
  const fromMs = Date.parse(from);
  return (
    <figure class="bin-bars">
      <div class="bin-plot">
        <svg viewBox={`0 0 ${Math.max(1, counts.length)} ${HEIGHT}`} preserveAspectRatio="none" role="img" aria-label={label}>
          {counts.map((count, index) =>
            count === 0 ? null : (
              <rect
                key={index}
                x={index + 0.1}
                width={0.8}
                y={y(count)}
                height={HEIGHT - y(count)}
                class={limit !== null && count > limit ? 'over' : undefined}
              >
                <title>{`${dayAndTime(fromMs + index * binMs)}: ${figure(count)}`}</title>
              </rect>
            ),
          )}
          {limit !== null && <line x1={0} x2={counts.length} y1={y(limit)} y2={y(limit)} vector-effect="non-scaling-stroke" />}
        </svg>
        {limit !== null && (
          <span class="bin-limit" style={{ top: `${(1 - limit / top) * 100}%` }}>
            {figure(limit)}
          </span>
        )}
      </div>
      <figcaption>
        <span class="figure">{dayAndTime(fromMs)}</span>
        <span class="figure">{dayAndTime(fromMs + counts.length * binMs)}</span>
      </figcaption>
    </figure>
  );
}
