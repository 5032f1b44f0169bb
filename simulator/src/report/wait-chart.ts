import { type RunShapes, WAIT_MINUTES } from '../planner/run-shapes.ts';
import { type Words, words } from '../scenario/words.ts';
import { picture } from './page.ts';
import { linear, lineOf } from './scale.ts';
import { shown } from './shown-number.ts';
import { drawn } from './words.ts';

const WIDTH = 912;
const HEIGHT = 280;
const LEFT = 48;
/** Names of curves stand above them, a line each, where there are two: they may be long. */
const NAME_HEIGHT = 22;
const EDGE = 24;
const TOP = 12;
const BOTTOM = 40;
const COLOURS = ['var(--accent)', 'var(--wait)'];
/** Waits that drivers notice, and that a plan must avoid [min]. */
const MARKS = [5, 15];
/** Rarer than this is not drawn. */
const TAIL_RATIO = 0.002;

export interface WaitsOf {
  label: Words;
  shapes: Pick<RunShapes, 'waitMinutes' | 'waited'>;
}

/** Of all trucks, how many wait longer than so many minutes. */
export function waitChart(all: readonly WaitsOf[]): string {
  const curves = all.map(({ label, shapes }) => ({ label, shares: longerThan(shapes) })).filter(({ shares }) => shares.length > 0);
  if (curves.length === 0) return '';
  const names = curves.length > 1 ? curves.length * NAME_HEIGHT : 0;
  const right = EDGE;
  const lastMin = Math.max(
    20,
    ...curves.map(({ shares }) => shares.findIndex((share) => share < TAIL_RATIO)).map((at) => (at < 0 ? WAIT_MINUTES - 1 : at)),
  );
  const most = Math.max(0.05, ...curves.map(({ shares }) => shares[0] ?? 0));
  const x = linear({ from: 0, to: lastMin, start: LEFT, end: WIDTH - right, ticksMax: 10 });
  const y = linear({ from: 0, to: most, start: HEIGHT - BOTTOM, end: TOP, ticksMax: 5 });
  const floor = HEIGHT - BOTTOM;
  const grid = y.ticks.map(
    (tick) =>
      `<line class="axis" x1="${LEFT}" x2="${WIDTH - right}" y1="${y.at(tick)}" y2="${y.at(tick)}"/><text class="mute" text-anchor="end" x="${LEFT - 8}" y="${y.at(tick) + 4}">${shown(tick * 100)} %</text>`,
  );
  const below = x.ticks.map((tick) => `<text class="mute" text-anchor="middle" x="${x.at(tick)}" y="${floor + 18}">${tick}</text>`);
  const marks = MARKS.map(
    (minute) => `<line x1="${x.at(minute)}" x2="${x.at(minute)}" y1="${TOP}" y2="${floor}" stroke="var(--muted)" stroke-dasharray="2 3"/>`,
  );
  const lines = curves.map(({ label, shares }, index) => {
    const colour = COLOURS[index % COLOURS.length] ?? '';
    const points = shares.slice(0, lastMin + 1).map((share, minute) => [x.at(minute), y.at(share)] as const);
    const area = `${lineOf(points)}L${x.at(lastMin)} ${floor}L${LEFT} ${floor}Z`;
    const dots = MARKS.map((minute) => {
      const share = shares[minute] ?? 0;
      const isUpper = curves.every((curve) => (curve.shares[minute] ?? 0) <= share);
      return `<circle cx="${x.at(minute)}" cy="${y.at(share)}" r="4" fill="${colour}"/>${drawn(
        words(`${shown(share * 100)} % over ${minute} min`, `${shown(share * 100)} % 超过 ${minute} 分钟`),
        `x="${x.at(minute) + 8}" y="${isUpper ? y.at(share) - 8 : Math.min(floor - 4, y.at(share) + 18)}"`,
      )}`;
    });
    const title = `<rect x="${LEFT}" y="${index * NAME_HEIGHT + 6 - names}" width="12" height="3" fill="${colour}"/>${drawn(label, `x="${LEFT + 20}" y="${index * NAME_HEIGHT + 12 - names}"`)}`;
    return `${curves.length === 1 ? `<path d="${area}" fill="${colour}" opacity=".12"/>` : ''}<path d="${lineOf(points)}" fill="none" stroke="${colour}" stroke-width="2"/>${dots.join('')}${curves.length === 1 ? '' : title}`;
  });
  const axis = drawn(
    words('minutes waited', '等待分钟'),
    `text-anchor="end" style="fill:var(--muted)" x="${WIDTH - right}" y="${HEIGHT - 4}"`,
  );
  return picture(
    { width: WIDTH, height: HEIGHT + names, title: words('share of trucks that wait longer', '等待更久的车辆占比') },
    `<g transform="translate(0 ${names})">${[...grid, ...below, ...marks, ...lines, axis].join('')}</g>`,
  );
}

/** Share that waits longer than 0, 1, 2 … minutes. */
function longerThan({ waitMinutes, waited }: WaitsOf['shapes']): number[] {
  const total = waitMinutes.reduce((sum, count) => sum + count, 0);
  if (total === 0) return [];
  let longer = total;
  return waitMinutes.map((count, minute) => {
    const share = (minute === 0 ? waited : longer) / total;
    longer -= count;
    return share;
  });
}
