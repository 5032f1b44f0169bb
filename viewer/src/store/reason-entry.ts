/** As the twin asks: whoever reads it later has something to read; in Chinese a word has two. */
const REASON_CHARS_MIN = 2;

/** Whether what was typed is a reason, or a text to be read. */
export const isReason = (text: string): boolean => text.trim().length >= REASON_CHARS_MIN;
