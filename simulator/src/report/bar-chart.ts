import { type Words } from '../scenario/words.ts';
import { picture } from './page.ts';
import { linear } from './scale.ts';
import { drawn } from './words.ts';

const WIDTH = 912;
/** Room for the labels: as wide as the longest, so that a phone shows bars and not the room before them. */
const LABELS_WIDTH = { min: 64, max: 280 };
const LATIN_WIDTH = 6.8;
const CHINESE_WIDTH = 12.5;
const RIGHT = 150;
const ROW = 34;
/** A label that has no room beside its bar stands above it. */
const LABEL_HEIGHT = 18;

export interface Bar {
  label: Words;
  value: number;
  low?: number | null;
  high?: number | null;
  /** Beside its end. */
  told: Words;
  fill: string;
}

/** Bars from a zero line, with the interval of each as a whisker. */
export function barChart(title: Words, bars: readonly Bar[]): string {
  if (bars.length === 0) return '';
  const isAbove = labelsWidth(bars) > LABELS_WIDTH.max;
  const left = isAbove ? 12 : labelsWidth(bars);
  const row = ROW + (isAbove ? LABEL_HEIGHT : 0);
  const ends = bars.flatMap(({ value, low, high }) => [value, low ?? value, high ?? value]);
  const from = Math.min(0, ...ends);
  const to = Math.max(0, ...ends);
  const { at } = linear({ from, to: to === from ? 1 : to, start: left + (from < 0 ? 110 : 0), end: WIDTH - RIGHT });
  const rows = bars.map(({ label, value, low, high, told, fill }, index) => {
    const y = 4 + index * row + (isAbove ? LABEL_HEIGHT : 0);
    const place = isAbove ? `text-anchor="start" x="0" y="${y - 5}"` : `text-anchor="end" x="${left - 12}" y="${y + 15}"`;
    const middle = y + 11;
    const whisker =
      low === null || low === undefined || high === null || high === undefined
        ? ''
        : `<line x1="${at(low)}" x2="${at(high)}" y1="${middle}" y2="${middle}" stroke="var(--text)" stroke-width="1.5"/><line x1="${at(low)}" x2="${at(low)}" y1="${middle - 4}" y2="${middle + 4}" stroke="var(--text)" stroke-width="1.5"/><line x1="${at(high)}" x2="${at(high)}" y1="${middle - 4}" y2="${middle + 4}" stroke="var(--text)" stroke-width="1.5"/>`;
    const end = value < 0 ? Math.min(at(value), at(low ?? value)) - 8 : Math.max(at(value), at(high ?? value)) + 8;
    return `${drawn(label, place)}<rect x="${Math.min(at(0), at(value))}" y="${y}" width="${Math.max(1, Math.abs(at(value) - at(0)))}" height="22" rx="2" style="fill:${fill}"/>${whisker}${drawn(told, `text-anchor="${value < 0 ? 'end' : 'start'}" x="${end}" y="${middle + 4}"`)}`;
  });
  const height = 4 + bars.length * row;
  const zero = `<line x1="${at(0)}" x2="${at(0)}" y1="0" y2="${height - 8}" stroke="var(--muted)"/>`;
  return picture({ width: WIDTH, height, title }, [...rows, zero].join(''));
}

function labelsWidth(bars: readonly Bar[]): number {
  const widthOf = (text: string) =>
    Array.from(text).reduce((width, sign) => width + ((sign.codePointAt(0) ?? 0) > 0x2e80 ? CHINESE_WIDTH : LATIN_WIDTH), 0);
  const widest = Math.max(...bars.flatMap(({ label }) => [widthOf(label.en), widthOf(label.zh)]));
  return Math.max(LABELS_WIDTH.min, widest + 24);
}
