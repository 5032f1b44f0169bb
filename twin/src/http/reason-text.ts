import { Type } from 'typebox';

/** Starts and ends with something to read, around it nothing counts: two characters at least, which in Chinese is a word, and no row of blanks. */
const READABLE = '^\\s*\\S[\\s\\S]*\\S\\s*$';

/** Of a text that may be short: it is no row of blanks. */
export const NOT_BLANK = '\\S';

/** Why somebody did something, in his words: at least two characters without the blanks around them. */
export const ReasonText = (description: string) => Type.String({ pattern: READABLE, maxLength: 400, description });

/** As it is kept. */
export const reasonOf = (text: string): string => text.trim();
