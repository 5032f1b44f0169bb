import type { CompletenessList, SourceHours } from '@corridor/protocols/http/completeness';
import type { Curves, EquipmentColumn, EquipmentKind, EquipmentList, PackSohView } from '@corridor/protocols/http/equipment';
import type { ApiClient } from './api-client.ts';

/** What a list of equipment is narrowed to, and by what it is sorted; empty texts narrow nothing. */
export interface EquipmentAsked {
  readonly kind: EquipmentKind;
  readonly text: string;
  readonly presence: string;
  readonly flaggedOnly: boolean;
  readonly sort: EquipmentColumn;
  readonly descending: boolean;
  /** RFC 3339; null: now. */
  readonly at: string | null;
}

export interface CurvesAsked {
  kind: EquipmentKind;
  id: string;
  fromMs: number;
  untilMs: number;
  points: number;
}

/** Readings of key equipment and of how completely they come, as the data console uses them. */
export class DataApi {
  private readonly api: ApiClient;

  constructor(api: ApiClient) {
    this.api = api;
  }

  /** A page of a list. @param cursor null: the first */
  equipment({ kind, text, presence, flaggedOnly, sort, descending, at }: EquipmentAsked, cursor: string | null): Promise<EquipmentList> {
    const query = new URLSearchParams({ kind, sort, order: descending ? 'desc' : 'asc' });
    if (text.trim() !== '') query.set('text', text.trim());
    if (presence !== '') query.set('presence', presence);
    if (flaggedOnly) query.set('flagged', 'true');
    if (cursor !== null) query.set('cursor', cursor);
    if (at !== null) query.set('at', at);
    return this.api.request('GET', `/api/v1/equipment?${query}`);
  }

  /** Single ones, wherever they stand in a list. */
  equipmentOf({ kind, at }: Pick<EquipmentAsked, 'kind' | 'at'>, ids: readonly string[]): Promise<EquipmentList> {
    const query = new URLSearchParams({ kind, ids: ids.join(','), limit: String(ids.length) });
    if (at !== null) query.set('at', at);
    return this.api.request('GET', `/api/v1/equipment?${query}`);
  }

  curves({ kind, id, fromMs, untilMs, points }: CurvesAsked): Promise<Curves> {
    const span = `from=${new Date(fromMs).toISOString()}&until=${new Date(untilMs).toISOString()}`;
    return this.api.request('GET', `/api/v1/${kind}s/${encodeURIComponent(id)}/curves?${span}&points=${points}`);
  }

  soh(packId: string): Promise<PackSohView> {
    return this.api.request('GET', `/api/v1/packs/${encodeURIComponent(packId)}/soh`);
  }

  completeness(): Promise<CompletenessList> {
    return this.api.request('GET', '/api/v1/completeness');
  }

  hoursOf(source: { kind: 'station' | 'truck'; id: string }, hours: number): Promise<SourceHours> {
    return this.api.request('GET', `/api/v1/${source.kind}s/${encodeURIComponent(source.id)}/completeness?hours=${hours}`);
  }
}
