/** Where one is asked for a recording. */
export const RECORDING_HASH = '#/recording';
