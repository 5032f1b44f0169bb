import type { Calibrated, Chart, Table } from './calibrated.ts';

/** What was found as one page that needs nothing else; light or dark as the reader's machine. */
export const calibrationPage = ({ title, sections }: Calibrated): string => `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(title)}</title>
<style>
:root { color-scheme: light dark; --ink: light-dark(#1c2730, #e6edf2); --muted: light-dark(#5c6b77, #9fb0bd); --line: light-dark(#d5dde3, #33424e); --mark: light-dark(#0b6e99, #5bc0eb); }
body { font: 16px/1.5 system-ui, sans-serif; color: var(--ink); background: light-dark(#fff, #10181e); max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.15rem; margin-top: 2.5rem; } p { color: var(--muted); margin: .25rem 0; }
.wide { overflow-x: auto; } table { border-collapse: collapse; font-variant-numeric: tabular-nums; margin: .75rem 0; }
th, td { padding: .25rem .75rem; text-align: right; border-bottom: 1px solid var(--line); } th:first-child, td:first-child { text-align: left; padding-left: 0; }
figure { display: inline-block; margin: .5rem 1rem .5rem 0; width: 20rem; max-width: 100%; } figcaption { font-size: .875rem; color: var(--muted); }
svg { width: 100%; height: auto; } svg text { fill: var(--muted); font-size: 11px; } .frame { fill: none; stroke: var(--line); } .same { stroke: var(--muted); stroke-dasharray: 4 4; } circle { fill: var(--mark); fill-opacity: .7; }
</style>
<h1>${escaped(title)}</h1>
${sections
  .map(
    (section) => `<h2>${escaped(section.title)}</h2>
${section.notes.map((note) => `<p>${escaped(note)}</p>`).join('\n')}
<div class="wide">${tableHtml(section.table)}</div>
${section.charts.map(chartHtml).join('\n')}`,
  )
  .join('\n')}
</html>
`;

const tableHtml = ({ head, rows }: Table): string =>
  `<table><thead><tr>${head.map((name) => `<th>${escaped(name)}</th>`).join('')}</tr></thead><tbody>${rows
    .map((row) => `<tr>${row.map((cell) => `<td>${escaped(cell)}</td>`).join('')}</tr>`)
    .join('')}</tbody></table>`;

const SIZE = 280;
const EDGE = 36;

/** Both axes have the same scale: on the dashed line the model says what was observed. */
function chartHtml({ title, alongName, upName, points }: Chart): string {
  const values = points.flat();
  const low = Math.min(...values);
  const span = Math.max(...values) - low || 1;
  const at = (value: number) => EDGE + ((value - low) / span) * (SIZE - EDGE - 8);
  const along = (value: number) => at(value).toFixed(1);
  const up = (value: number) => (SIZE - at(value)).toFixed(1);
  const high = low + span;
  return `<figure><svg viewBox="0 0 ${SIZE} ${SIZE}" role="img" aria-label="${escaped(`${title}: ${upName} against ${alongName}`)}">
<rect class="frame" x="${EDGE}" y="8" width="${SIZE - EDGE - 8}" height="${SIZE - EDGE - 8}"/>
<line class="same" x1="${along(low)}" y1="${up(low)}" x2="${along(high)}" y2="${up(high)}"/>
${points.map(([x, y]) => `<circle cx="${along(x)}" cy="${up(y)}" r="3"/>`).join('')}
<text x="${EDGE}" y="${SIZE - 20}">${low.toFixed(2)}</text><text x="${SIZE - 8}" y="${SIZE - 20}" text-anchor="end">${high.toFixed(2)}</text>
<text x="${SIZE / 2 + EDGE / 2}" y="${SIZE - 4}" text-anchor="middle">${escaped(alongName)}</text>
<text transform="translate(12 ${SIZE / 2}) rotate(-90)" text-anchor="middle">${escaped(upName)}</text>
<text x="${EDGE - 4}" y="18" text-anchor="end">${high.toFixed(2)}</text><text x="${EDGE - 4}" y="${SIZE - EDGE}" text-anchor="end">${low.toFixed(2)}</text>
</svg><figcaption>${escaped(title)}</figcaption></figure>`;
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escaped = (text: string): string => text.replace(/[&<>"]/g, (sign) => ENTITIES[sign] ?? sign);
