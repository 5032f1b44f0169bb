import type { ApiClient } from './api-client.ts';

/** What a person may do with a thing, by its kind; the words are those of the routes. */
export interface ActsOf {
  slots: 'return' | 'set-aside';
  packs: 'clear';
  trucks: 'block' | 'unblock';
  stations: 'open' | 'close';
  swaps: 'abort';
}
export type ActKind = keyof ActsOf;
export interface Asked {
  /** The same again does nothing. */
  key: string;
  note: string;
}
export const PLACE_KINDS = ['SLOT', 'TRUCK', 'STORE'] as const;
export type PlaceKind = (typeof PLACE_KINDS)[number];

/** The twin's routes of what operators do with equipment; the scene changes by what it tells everybody. */
export class OperatorApi {
  private readonly api: ApiClient;

  constructor(api: ApiClient) {
    this.api = api;
  }

  do<K extends ActKind>(kind: K, id: string, act: ActsOf[K], asked: Asked): Promise<unknown> {
    return this.api.request('POST', `/api/v1/${kind}/${encodeURIComponent(id)}/${act}`, asked);
  }

  /** Where the page of a station's control room is; null: the platform was not told. */
  async stationPage(stationId: string): Promise<string | null> {
    const { url } = await this.api.request<{ url: string | null }>('GET', `/api/v1/stations/${encodeURIComponent(stationId)}/page`);
    return url;
  }

  /** Says where a pack is. */
  correctCustody(packId: string, place: { kind: PlaceKind; id: string }, asked: Asked): Promise<unknown> {
    return this.api.request('POST', `/api/v1/packs/${encodeURIComponent(packId)}/custody`, { ...asked, place });
  }
}
