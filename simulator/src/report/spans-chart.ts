import type { CalendarSpan } from '../planner/calendar-spans.ts';
import type { Result } from '../planner/result.ts';
import { type Words, words } from '../scenario/words.ts';
import { picture } from './page.ts';
import { linear } from './scale.ts';
import { shown } from './shown-number.ts';
import { drawn } from './words.ts';

const WIDTH = 912;
const LEFT = 48;
const PANEL_HEIGHT = 130;
const BETWEEN = 60;
const HEAD = 26;
const PANELS: readonly { told: Words; fill: string; of: (span: CalendarSpan) => number | null }[] = [
  {
    told: words('95 % wait less than, min', '95 % 等待不超过，分'),
    fill: 'var(--wait)',
    of: ({ waitMsP95 }) => (waitMsP95 === null ? null : waitMsP95 / 60_000),
  },
  { told: words('charging takes in the mean, kW', '平均充电功率，kW'), fill: 'var(--energy)', of: ({ chargingW }) => chargingW / 1_000 },
];

/** A long run by the months of the calendar, or its years: when it gets tight, and what that takes. */
export function spansChart({ shapes }: Result): string {
  const spans = shapes?.spans ?? [];
  if (spans.length === 0) return '';
  const column = (WIDTH - LEFT) / spans.length;
  const panels = PANELS.map(({ told, fill, of }, index) => {
    const top = HEAD + index * (PANEL_HEIGHT + BETWEEN);
    const values = spans.map(of);
    const y = linear({
      from: 0,
      to: Math.max(1e-9, ...values.map((value) => value ?? 0)),
      start: top + PANEL_HEIGHT,
      end: top,
      ticksMax: 3,
    });
    const grid = y.ticks.map(
      (tick) =>
        `<line class="axis" x1="${LEFT}" x2="${WIDTH}" y1="${y.at(tick)}" y2="${y.at(tick)}"/><text class="mute" text-anchor="end" x="${LEFT - 8}" y="${y.at(tick) + 4}">${shown(tick)}</text>`,
    );
    const bars = values.map((value, place) => {
      const x = LEFT + place * column;
      const center = (x + column / 2).toFixed(1);
      const name = `<text class="mute" text-anchor="middle" x="${center}" y="${top + PANEL_HEIGHT + 16}">${nameOf(spans, place)}</text>`;
      if (value === null) return name;
      const barTop = y.at(value);
      return `<rect x="${(x + column * 0.15).toFixed(1)}" y="${barTop.toFixed(1)}" width="${(column * 0.7).toFixed(1)}" height="${(top + PANEL_HEIGHT - barTop).toFixed(1)}" rx="2" fill="${fill}"><title>${spans[place]?.of} ${shown(value)}</title></rect><text text-anchor="middle" x="${center}" y="${(barTop - 4).toFixed(1)}">${column > 30 ? shown(value) : ''}</text>${name}`;
    });
    return [drawn(told, `style="fill:var(--muted)" x="${LEFT}" y="${top - 12}"`), ...grid, ...bars].join('');
  });
  return picture(
    {
      width: WIDTH,
      height: HEAD + PANELS.length * PANEL_HEIGHT + (PANELS.length - 1) * BETWEEN + 24,
      title: words('waits and charging by the calendar', '按日历的等待与充电'),
    },
    panels.join(''),
  );
}

/** When trucks wait longest, for who reads only the mean of it all; null: the run knows no months. */
export function worstSpan({ shapes }: Result): Words | null {
  const worst = (shapes?.spans ?? []).reduce<CalendarSpan | null>(
    (before, span) => ((span.waitMsP95 ?? 0) > (before?.waitMsP95 ?? 0) ? span : before),
    null,
  );
  if (worst === null || worst.waitMsP95 === null) return null;
  const minutes = shown(worst.waitMsP95 / 60_000);
  return words(` In ${worst.of} it is ${minutes} minutes, the most of all.`, `其中 ${worst.of} 最长，为 ${minutes} 分钟。`);
}

/** The year where it begins, else the month. */
function nameOf(spans: readonly CalendarSpan[], place: number): string {
  const [year = '', month] = (spans[place]?.of ?? '').split('-');
  if (month === undefined) return year;
  const isFirst = place === 0 || month === '01';
  return isFirst ? `${year}-${month}` : month;
}
