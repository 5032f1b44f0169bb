/** A state value as one word: `charging`, `inSlot.charging`, `link.online|service.open`. Empty for no state yet. */
export function stateText(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value !== 'object' || value === null) return '';
  return Object.entries(value)
    .map(([name, inner]) => {
      const text = stateText(inner);
      return text === '' ? name : `${name}.${text}`;
    })
    .join('|');
}
