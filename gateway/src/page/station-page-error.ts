/** The station's page cannot be opened as asked. */
export class StationPageError extends Error {
  readonly code = 'STATION_PAGE';
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'StationPageError';
  }
}
