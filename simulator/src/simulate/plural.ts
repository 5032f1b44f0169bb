/** `1 run`, `8 runs`. @param noun with an s for more than one */
export const plural = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;
