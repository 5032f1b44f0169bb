import type { PastScene, SceneEvent, SceneEventKind, SceneSpan } from '@corridor/protocols/http/scene';
import type { ApiClient } from './api-client.ts';

export interface EventsAsked {
  fromMs: number;
  untilMs: number;
  kind: SceneEventKind | null;
  order: 'asc' | 'desc';
  limit: number;
}

/** Scenes of the past, and what happened in it. */
export class PastApi {
  readonly #api: Pick<ApiClient, 'request'>;

  constructor(api: Pick<ApiClient, 'request'>) {
    this.#api = api;
  }

  span(): Promise<SceneSpan> {
    return this.#api.request<SceneSpan>('GET', '/api/v1/scene/span');
  }

  sceneAt(atMs: number): Promise<PastScene> {
    return this.#api.request<PastScene>('GET', `/api/v1/scene?at=${encodeURIComponent(textOf(atMs))}`);
  }

  /** Neither of the two instants is included. */
  async events({ fromMs, untilMs, kind, order, limit }: EventsAsked): Promise<SceneEvent[]> {
    const asked = new URLSearchParams({ from: textOf(fromMs), until: textOf(untilMs), order, limit: String(limit) });
    if (kind !== null) asked.set('kind', kind);
    return (await this.#api.request<{ items: SceneEvent[] }>('GET', `/api/v1/scene/events?${asked.toString()}`)).items;
  }
}

const textOf = (ms: number): string => new Date(ms).toISOString();
