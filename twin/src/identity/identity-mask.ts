/** Numbers are shown by their first three and last two characters. */
const SHOWN_FIRST = 3;
const SHOWN_LAST = 2;

/** `张三丰` -> `张**`: the family name, as counters and payment apps show it. */
export const maskName = (name: string): string => {
  const [first, ...rest] = new Intl.Segmenter('zh').segment(name.trim());
  return (first?.segment ?? '') + '*'.repeat(Math.max(1, rest.length));
};

const maskNumber = (number: string): string =>
  number.length <= SHOWN_FIRST + SHOWN_LAST
    ? '*'.repeat(number.length)
    : number.slice(0, SHOWN_FIRST) + '*'.repeat(number.length - SHOWN_FIRST - SHOWN_LAST) + number.slice(-SHOWN_LAST);

/** What may be shown of identity data. */
export const maskIdentity = (identity: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(identity).map(([field, value]) => [field, field.endsWith('Name') ? maskName(value) : maskNumber(value)]),
  );
