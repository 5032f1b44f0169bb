import { en } from './texts-en.js';
import { zhCn } from './texts-zh-cn.js';

/** @typedef {typeof en} Texts */
/** @typedef {'zh-CN' | 'en'} Language */

/** @param {Language} language @returns {Texts} */
export const textsOf = (language) => (language === 'en' ? en : zhCn);

/** A code in words; one that nobody wrote words for stays as it is. @param {Texts} texts @param {string} code */
export const codeText = (texts, code) => /** @type {Record<string, string>} */ (texts.codes)[code] ?? code;

/** Fills `{name}` in a text. @param {string} text @param {Record<string, string | number>} values */
export const fill = (text, values) => text.replaceAll(/\{(\w+)\}/g, (_, name) => String(values[name]));

/** @returns {Language} */
export const browserLanguage = () => (navigator.language.toLowerCase().startsWith('zh') ? 'zh-CN' : 'en');

const dash = '—';
/** Power in kW, as the equipment's plates have it. @param {number} powerW */
export const kw = (powerW) => `${Math.round(powerW / 1000)} kW`;
/** @param {number | null} value @param {string} unit */
export const figure = (value, unit) => (value === null ? dash : `${value} ${unit}`);
/** @param {string | number | null} value */
export const orDash = (value) => (value === null || value === '' ? dash : String(value));

const clockFormat = new Intl.DateTimeFormat('en-GB', { timeZone: 'Asia/Shanghai', hour: '2-digit', minute: '2-digit', second: '2-digit' });
const dayFormat = new Intl.DateTimeFormat('en-CA', { timeZone: 'Asia/Shanghai', year: 'numeric', month: '2-digit', day: '2-digit' });
/** Time of day at the station. @param {number} atMs */
export const timeOf = (atMs) => clockFormat.format(atMs);
/** @param {number} atMs */
export const dayAndTimeOf = (atMs) => `${dayFormat.format(atMs)} ${clockFormat.format(atMs)}`;
/** Minutes and seconds. @param {number} durationMs */
export function durationText(durationMs) {
  const seconds = Math.max(0, Math.round(durationMs / 1000));
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor((seconds % 3600) / 60)];
  const tail = `${String(minutes).padStart(2, '0')}:${String(seconds % 60).padStart(2, '0')}`;
  return hours > 0 ? `${hours}:${tail}` : tail;
}
