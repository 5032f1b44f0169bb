/** A step of the keyboard, of the buttons and of the slider that leads from live into the past. */
export const STEP_MS = 60_000;
/** Where one lands who only wants to look back. */
export const FIRST_BACK_MS = 10 * STEP_MS;
