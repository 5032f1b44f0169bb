/** What is asked of a server of one's own is not there. One line for the person who started it. */
export class StartError extends Error {
  readonly code = 'START';
}
