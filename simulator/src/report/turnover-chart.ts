import { END_OF_LIFE_RATIO, fadingYears } from '../measures/pack-life.ts';
import type { Result } from '../planner/result.ts';
import { plannedConditions } from '../scenario/run-weather.ts';
import { words } from '../scenario/words.ts';
import { picture } from './page.ts';
import { linear, lineOf } from './scale.ts';
import { shown } from './shown-number.ts';
import { drawn } from './words.ts';

const WIDTH = 912;
const HEIGHT = 220;
const LEFT = 48;
const RIGHT = 220;
const BOTTOM = 36;
const YEARS = 10;

/** How often a pack is charged, and what ten years of that leave of a new one. */
export function turnoverChart({ total, scenario }: Result): string {
  const mean = (kpi: string) => total[kpi]?.mean ?? null;
  const perPack = mean('swapsPerPackPerDay');
  const swaps = mean('swapsPerDay');
  const [cyclesPerDay, issuedRatio, returnedRatio] = [mean('packCyclesPerDay'), mean('packIssuedRatioMean'), mean('packReturnedRatioMean')];
  if (!perPack || !swaps || !cyclesPerDay || issuedRatio === null || returnedRatio === null) return '';
  const packs = swaps / perPack;
  const years = (fadingYears(plannedConditions(scenario).mean.cellTempC, { cyclesPerDay, issuedRatio, returnedRatio }) ?? []).filter(
    ({ year }) => year <= YEARS,
  );
  const x = linear({ from: 0, to: YEARS, start: LEFT, end: WIDTH - RIGHT, ticksMax: 10 });
  const y = linear({ from: 0.6, to: 1, start: HEIGHT - BOTTOM, end: 12, ticksMax: 4 });
  const grid = y.ticks.map(
    (tick) =>
      `<line class="axis" x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${y.at(tick)}" y2="${y.at(tick)}"/><text class="mute" text-anchor="end" x="${LEFT - 8}" y="${y.at(tick) + 4}">${shown(tick * 100)} %</text>`,
  );
  const below = x.ticks.map(
    (tick) => `<text class="mute" text-anchor="middle" x="${x.at(tick)}" y="${HEIGHT - BOTTOM + 18}">${tick}</text>`,
  );
  const line = `<path d="${lineOf(years.filter(({ sohRatio }) => sohRatio >= 0.6).map(({ year, sohRatio }) => [x.at(year), y.at(sohRatio)]))}" fill="none" stroke="var(--energy)" stroke-width="2.5"/>`;
  const end = years.find(({ sohRatio }) => sohRatio <= END_OF_LIFE_RATIO);
  const limit = `<line x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${y.at(END_OF_LIFE_RATIO)}" y2="${y.at(END_OF_LIFE_RATIO)}" stroke="var(--muted)" stroke-dasharray="2 3"/>`;
  const mark = end
    ? `<circle cx="${x.at(end.year)}" cy="${y.at(END_OF_LIFE_RATIO)}" r="4" fill="var(--energy)"/>${drawn(words(`80 % after ${shown(end.year)} years`, `${shown(end.year)} 年后降至 80 %`), `x="${x.at(end.year) + 8}" y="${y.at(END_OF_LIFE_RATIO) - 8}"`)}`
    : '';
  const facts = [
    words(`${shown(packs)} packs`, `${shown(packs)} 块电池`),
    words(`${shown(perPack)} swaps a pack and day`, `每块每日换电 ${shown(perPack)} 次`),
    words(`${shown(cyclesPerDay)} full cycles a day`, `每日等效循环 ${shown(cyclesPerDay)} 次`),
    words(`${shown((issuedRatio - returnedRatio) * 100)} % charged each time`, `每次充入 ${shown((issuedRatio - returnedRatio) * 100)} %`),
  ].map((fact, index) => drawn(fact, `x="${WIDTH - RIGHT + 24}" y="${28 + index * 22}"`));
  const axis = drawn(words('years', '年'), `text-anchor="end" style="fill:var(--muted)" x="${WIDTH - RIGHT}" y="${HEIGHT - 2}"`);
  return picture(
    { width: WIDTH, height: HEIGHT, title: words('turnover and state of health of packs', '电池周转与健康度') },
    [...grid, ...below, limit, line, mark, ...facts, axis].join(''),
  );
}
