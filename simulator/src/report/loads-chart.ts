import type { Result } from '../planner/result.ts';
import { type Words, words } from '../scenario/words.ts';
import { picture } from './page.ts';
import { linear, lineOf } from './scale.ts';
import { shown } from './shown-number.ts';
import { drawn, escaped } from './words.ts';

const WIDTH = 912;
const LEFT = 64;
/** There stand fleets with what waits in the end. */
const RIGHT = 150;
const TOP = 26;
const BOTTOM = 190;
const LABEL_HEIGHT = 16;
const HOURS = 24;
const COLOURS = ['var(--wait)', 'var(--accent)', 'var(--energy)', 'var(--muted)'];

const TITLE: Words = words('loads that wait for a truck, over the run', '运行期间等车的货物');

/** Loads that wait for a truck over the time of the runs, a line a fleet; nothing where all are taken at once. */
export function loadsChart({ shapes, scenario: { days, warmUpDays } }: Result): string {
  const fleets = shapes?.loads ?? [];
  const most = Math.max(0, ...fleets.flatMap(({ waiting }) => waiting));
  if (most === 0) return '';
  const x = linear({ from: 0, to: days, start: LEFT, end: WIDTH - RIGHT, ticksMax: 8 });
  const y = linear({ from: 0, to: most, start: BOTTOM, end: TOP, ticksMax: 4 });
  const warmUp = `<rect x="${LEFT}" y="${TOP}" width="${(x.at(warmUpDays) - LEFT).toFixed(1)}" height="${BOTTOM - TOP}" fill="var(--idle)" opacity="0.25"/>`;
  const grid = y.ticks.map(
    (tick) =>
      `<line class="axis" x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${y.at(tick).toFixed(1)}" y2="${y.at(tick).toFixed(1)}"/><text class="mute" text-anchor="end" x="${LEFT - 8}" y="${(y.at(tick) + 4).toFixed(1)}">${shown(tick)}</text>`,
  );
  const dates = x.ticks.map(
    (tick) => `<text class="mute" text-anchor="middle" x="${x.at(tick).toFixed(1)}" y="${BOTTOM + 18}">${shown(tick)}</text>`,
  );
  const lines = fleets.map(({ waiting, stepHours }, index) => {
    const points = waiting.map((loads, point) => [x.at(Math.min(days, ((point + 0.5) * stepHours) / HOURS)), y.at(loads)] as const);
    return `<path d="${lineOf(points)}" fill="none" stroke="${colourOf(index)}" stroke-width="2"/>`;
  });
  return picture(
    { width: WIDTH, height: BOTTOM + 40, title: TITLE },
    [
      warmUpDays > 0 ? warmUp : '',
      ...grid,
      ...dates,
      drawn(words('loads', '批'), `style="fill:var(--muted)" x="${LEFT}" y="${TOP - 10}"`),
      drawn(words('day of the run', '运行天数'), `style="fill:var(--muted)" text-anchor="end" x="${WIDTH - RIGHT}" y="${BOTTOM + 34}"`),
      ...lines,
      ...labels(fleets, y.at),
    ].join(''),
  );
}

const colourOf = (index: number): string => COLOURS[index % COLOURS.length] ?? 'var(--muted)';

/** Each at the end of its line, moved up where two would stand on each other. */
function labels(fleets: NonNullable<Result['shapes']>['loads'], at: (loads: number) => number): string[] {
  let below = Number.POSITIVE_INFINITY;
  return fleets
    .map(({ fleetId, waiting }, index) => ({ fleetId, index, last: waiting.at(-1) ?? 0 }))
    .toSorted((one, other) => one.last - other.last)
    .map(({ fleetId, index, last }) => {
      const yLabel = Math.min(at(last) + 4, below - LABEL_HEIGHT);
      below = yLabel;
      return `<text x="${WIDTH - RIGHT + 8}" y="${yLabel.toFixed(1)}" style="fill:${colourOf(index)}">${escaped(fleetId)} ${shown(last)}</text>`;
    });
}
