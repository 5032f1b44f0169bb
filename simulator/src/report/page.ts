import { type Warning, warningWords } from '../scenario/warning.ts';
import { type Words, words } from '../scenario/words.ts';
import { said } from './words.ts';

const LIGHT =
  'color-scheme:light;--ground:#f6f7f8;--panel:#fff;--line:#dfe3e6;--text:#14181b;--muted:#5d6970;--accent:#2f6fed;--energy:#0aa58a;--wait:#c98a00;--alarm:#d4351c;--idle:#c3cbd0';

const STYLE = `
:root{${LIGHT}}
body:has(#dark:checked){color-scheme:dark;--ground:#0f1417;--panel:#171e22;--line:#2a343a;--text:#e8edf0;--muted:#8fa0aa;--accent:#6ea0ff;--energy:#19c3a4;--wait:#f0b33c;--alarm:#ff6b57;--idle:#45525a}
*{box-sizing:border-box}
body{margin:0;background:var(--ground);color:var(--text);font:15px/24px Inter,"Noto Sans SC","PingFang SC","Microsoft YaHei",system-ui,sans-serif;font-variant-numeric:tabular-nums}
main{max-width:960px;margin:0 auto;padding:24px 24px 64px}
h1{font-size:28px;line-height:36px;font-weight:650;margin:8px 0 4px;letter-spacing:-.01em}
h2{font-size:17px;line-height:24px;font-weight:600;margin:0 0 4px}
p{margin:0 0 12px;max-width:72ch}.lead{font-size:18px;line-height:28px;margin-bottom:20px}.note{color:var(--muted);font-size:13px;line-height:20px}
section{background:var(--panel);border:1px solid var(--line);border-radius:6px;padding:20px 24px;margin:0 0 16px;break-inside:avoid}
.bar{display:flex;gap:16px;justify-content:flex-end;font-size:13px;color:var(--muted)}.bar label{cursor:pointer;display:flex;gap:4px;align-items:center}
.tiles{display:flex;flex-wrap:wrap;gap:1px;background:var(--line);border:1px solid var(--line);border-radius:6px;overflow:hidden;margin:0 0 16px}
.tile{background:var(--panel);padding:14px 16px;flex:1 1 120px}.tile b{display:block;font-size:24px;line-height:32px;font-weight:600}.tile b small{font-weight:400;font-size:14px;color:var(--muted)}.tile span{font-size:13px;line-height:18px;color:var(--muted)}
svg{display:block;width:100%;height:auto;font-size:12px;overflow:visible}svg text{fill:var(--text)}svg .mute{fill:var(--muted)}
.axis{stroke:var(--line);stroke-width:1}
.wide{overflow-x:auto}.swipe{display:none}table{border-collapse:collapse;width:100%;font-size:13px;line-height:20px}th,td{padding:5px 10px 5px 0;border-bottom:1px solid var(--line);text-align:right;white-space:nowrap}th:first-child,td:first-child{text-align:left}thead th{font-weight:500;color:var(--muted);vertical-align:bottom;white-space:normal}td small{color:var(--muted)}
.less,.more{font-weight:600}.open{color:var(--muted)}
details{margin:0 0 16px}summary{cursor:pointer;color:var(--muted)}pre{white-space:pre-wrap;overflow-wrap:anywhere;font-size:12px;line-height:18px}
.warning{border-left:3px solid var(--wait);padding-left:12px;font-size:13px;line-height:20px}
body:has(#zh:checked) .en,body:has(#en:checked) .zh{display:none}
@media (max-width:800px){.tile{flex-basis:30%}}
@media (max-width:600px){.tile{flex-basis:40%}svg{min-width:680px}.swipe{display:block;color:var(--muted);font-size:12px;line-height:16px;margin:4px 0 0}main{padding:16px 12px 48px}section{padding:16px 14px}h1{font-size:24px;line-height:32px}}
@media print{.swipe{display:none}body:is(:has(#light:checked),:has(#dark:checked)){${LIGHT};background:#fff}.tile{flex-basis:30%}main{max-width:none;padding:0}.bar{display:none}section,.tiles{border-color:#ccc}@page{size:A4;margin:16mm}}
`;

/** Picks what the reader's machine prefers; without scripts the choices still work by hand. */
const SCRIPT = `
if((navigator.language||'').startsWith('zh'))document.getElementById('zh').checked=true;
const told=()=>{document.documentElement.lang=document.getElementById('zh').checked?'zh-CN':'en'};
for(const choice of document.getElementsByName('language'))choice.addEventListener('change',told);
told();
if(matchMedia('(prefers-color-scheme:dark)').matches)document.getElementById('dark').checked=true;
`;

/** A page that needs nothing but itself. */
export function page({ title, parts }: { title: string; parts: readonly string[] }): string {
  const choice = (group: string, id: string, text: string, isFirst = false) =>
    `<label><input type="radio" name="${group}" id="${id}"${isFirst ? ' checked' : ''}>${text}</label>`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<title>${said({ en: title, zh: title })}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<div class="bar">${choice('language', 'en', 'English', true)}${choice('language', 'zh', '中文')}<span></span>${choice('theme', 'light', said(words('light', '浅色')), true)}${choice('theme', 'dark', said(words('dark', '深色')))}</div>
${parts.filter((part) => part !== '').join('\n')}
</main>
<script>${SCRIPT}</script>
</body>
</html>
`;
}

/** A part of the page with a heading, a sentence on how to read it, and a picture or a table. */
export const section = (heading: Words, how: Words | null, content: string): string =>
  content === '' ? '' : `<section><h2>${said(heading)}</h2>${how === null ? '' : `<p class="note">${said(how)}</p>`}${content}</section>`;

/** On a phone, where pictures keep a size that can be read. */
const SWIPE = `<p class="swipe">${said(words('Swipe the picture sideways to see all of it →', '左右滑动查看完整图表 →'))}</p>`;

/** What a planner is warned of, with the path of the field. @param of which of several scenarios */
export function warningLine(warning: Warning, of: string | null = null): string {
  const { en, zh } = warningWords(warning);
  return `<p class="warning">${said(of === null ? { en, zh } : words(`${of}: ${en}`, `${of}：${zh}`))}</p>`;
}

/** A picture that scales with the page. @param title what a screen reader says */
export const picture = ({ width, height, title }: { width: number; height: number; title: Words }, content: string): string =>
  `<div class="wide"><svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${title.en} ${title.zh}">${content}</svg></div>${SWIPE}`;
