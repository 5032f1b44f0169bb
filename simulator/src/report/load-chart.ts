import { violated } from '@corridor/protocols/assert';
import type { Result } from '../planner/result.ts';
import { hourlyPrices } from '../scenario/scenario-calendar.ts';
import { type Words, words } from '../scenario/words.ts';
import { picture } from './page.ts';
import { linear, lineOf } from './scale.ts';
import { shown } from './shown-number.ts';
import { drawn, escaped } from './words.ts';

const WIDTH = 912;
const LEFT = 64;
/** There stand a station's busiest hour and its peak. */
const RIGHT = 190;
const LINE_HEIGHT = 150;
const ROW = 20;
const HOURS = 24;
const HOUR_COLUMN = WIDTH - RIGHT + 90;
const PEAK_COLUMN = WIDTH - 4;
const COLUMNS: readonly (readonly [number, Words])[] = [
  [HOUR_COLUMN, words('busiest hour', '最忙小时')],
  [PEAK_COLUMN, words('peak, kW', '峰值 kW')],
];
/** Dearer hours stand out of the ground behind the line. */
const PERIOD_SHADE = { SHARP: 0.3, PEAK: 0.18, FLAT: 0.06, VALLEY: 0, DEEP_VALLEY: 0 } as const;

/** Charging power over the day: of all stations as a line, of each as a row of hours. */
export function loadChart({ shapes, scenario, stations: measured }: Result): string {
  if (shapes === null) return '';
  const { stations } = shapes;
  const totalW = Array.from({ length: HOURS }, (_, hour) =>
    stations.reduce((sum, { chargingW }) => sum + (chargingW[hour] ?? violated(`no hour ${hour}`)), 0),
  );
  const most = Math.max(1, ...totalW);
  const cell = (WIDTH - LEFT - RIGHT) / HOURS;
  const xOf = (hour: number) => LEFT + hour * cell;
  const y = linear({ from: 0, to: most / 1000, start: LINE_HEIGHT, end: 12, ticksMax: 4 });
  const shades = periodsOf(scenario).map(
    (period, hour) =>
      `<rect x="${xOf(hour)}" y="12" width="${cell + 0.5}" height="${LINE_HEIGHT - 12}" fill="var(--wait)" opacity="${PERIOD_SHADE[period]}"/>`,
  );
  const grid = y.ticks.map(
    (tick) =>
      `<line class="axis" x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${y.at(tick)}" y2="${y.at(tick)}"/><text class="mute" text-anchor="end" x="${LEFT - 8}" y="${y.at(tick) + 4}">${shown(tick)}</text>`,
  );
  const line = `<path d="${lineOf(totalW.map((w, hour) => [xOf(hour + 0.5), y.at(w / 1000)]))}" fill="none" stroke="var(--energy)" stroke-width="2.5"/>`;
  const unit = drawn(words('all, kW', '全部，kW'), `x="${WIDTH - RIGHT + 12}" y="24"`);
  const mostOfOne = Math.max(1, ...stations.flatMap(({ chargingW }) => chargingW));
  const top = LINE_HEIGHT + 34;
  const hours = Array.from({ length: HOURS / 3 }, (_, index) => index * 3).map(
    (hour) => `<text class="mute" text-anchor="middle" x="${xOf(hour + 0.5)}" y="${LINE_HEIGHT + 18}">${hour}</text>`,
  );
  const columns = COLUMNS.map(([column, told]) =>
    drawn(told, `text-anchor="end" style="fill:var(--muted)" x="${column}" y="${LINE_HEIGHT + 18}"`),
  );
  const rows = scenario.stations.map(({ id }, index) => {
    const powers = (stations[index] ?? violated(`no shapes of ${id}`)).chargingW;
    const yRow = top + index * ROW;
    const cells = powers.map(
      (w, hour) =>
        `<rect x="${xOf(hour).toFixed(1)}" y="${yRow}" width="${(cell - 1).toFixed(1)}" height="${ROW - 2}" rx="2" style="fill:color-mix(in oklab,var(--energy) ${Math.round((100 * w) / mostOfOne)}%,var(--ground))"><title>${escaped(id)} ${hour}:00 ${shown(w / 1000)} kW</title></rect>`,
    );
    const at = (x: number, text: string) => `<text class="mute" text-anchor="end" x="${x}" y="${yRow + 13}">${text}</text>`;
    const peakW = measured[index]?.kpis['gridPowerWPeak']?.mean;
    return `<text text-anchor="end" x="${LEFT - 8}" y="${yRow + 13}">${escaped(id)}</text>${cells.join('')}${at(HOUR_COLUMN, shown(Math.max(0, ...powers) / 1000))}${at(PEAK_COLUMN, shown(peakW === undefined ? null : peakW / 1000))}`;
  });
  return picture(
    { width: WIDTH, height: top + scenario.stations.length * ROW + 4, title: words('charging power over the day', '一天中的充电功率') },
    [...shades, ...grid, line, unit, ...hours, ...columns, ...rows].join(''),
  );
}

/** Periods of the first day, as the first station with a tariff has them. */
function periodsOf(scenario: Result['scenario']): (keyof typeof PERIOD_SHADE)[] {
  const region = scenario.stations.find(({ gridRegion }) => gridRegion)?.gridRegion;
  if (region === undefined || scenario.tariffs === undefined) return [];
  return hourlyPrices({ ...scenario, days: 1 }, region).map(({ period }) => period);
}
