import { codeText } from './language.js';

/** @typedef {import('./language.js').Texts} Texts */

/** What a control room looks for comes first; the rest follows as it came. */
const FIRST = [
  'evseId',
  'bayId',
  'truckId',
  'plate',
  'issuePackId',
  'issueEvseId',
  'returnPackId',
  'powerW',
  'holdMs',
  'reasonCode',
  'requestId',
];
/** Long enough for a swap that is authorised; a notice of a thousand letters is cut. */
const LENGTH_MAX = 200;

/** By people, in their own words. */
const WRITTEN = ['title', 'text', 'detail'];

const rank = (/** @type {string} */ name) => (FIRST.includes(name) ? FIRST.indexOf(name) : FIRST.length);

/** An id token goes without its type: a truck has but one. @param {unknown} value @returns {unknown} */
const bare = (value) => (typeof value === 'object' && value !== null && 'idToken' in value ? value.idToken : value);

/** A value in words, what is inside of it one after the other. @param {unknown} value @returns {string} */
function valueText(value) {
  if (value === null) return '—';
  if (Array.isArray(value)) return value.map(valueText).join(' ');
  if (typeof value === 'object')
    return Object.entries(value)
      .map(([name, each]) => `${name} ${valueText(each)}`)
      .join(' ');
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** @param {string} name @param {unknown} value @param {Texts} texts */
function argumentText(name, value, texts) {
  if (name === 'powerW' && typeof value === 'number') return `${value / 1_000} kW`;
  if (name === 'holdMs' && typeof value === 'number') return `${value / 60_000} min`;
  return typeof value === 'string' && !WRITTEN.includes(name) ? codeText(texts, value) : valueText(bare(value));
}

/**
 * What a command or an act was about, in a line: its arguments by name, in the reader's words where they have one.
 * @param {object} args
 * @param {Texts} texts
 */
export function aboutOf(args, texts) {
  const words = /** @type {Record<string, string>} */ (texts.args);
  const text = Object.entries(args)
    .sort(([one], [other]) => rank(one) - rank(other))
    .map(([name, value]) => `${words[name] ?? name} ${argumentText(name, value, texts)}`)
    .join(' · ');
  return text.length > LENGTH_MAX ? `${text.slice(0, LENGTH_MAX - 1)}…` : text;
}
