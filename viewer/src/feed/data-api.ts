import type { CompletenessList, SourceHours } from '@corridor/protocols/http/completeness';
import type { Curves, EquipmentKind, EquipmentList, PackSohView } from '@corridor/protocols/http/equipment';
import type { ApiClient } from './api-client.ts';

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

  equipment(kind: EquipmentKind): Promise<EquipmentList> {
    return this.api.request('GET', `/api/v1/equipment?kind=${kind}`);
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
