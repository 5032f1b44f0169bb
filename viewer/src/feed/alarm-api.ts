import type { AlarmFigures } from '@corridor/protocols/http/alarm-figures';
import type { AlarmView } from '@corridor/protocols/http/scene';
import type { ApiClient } from './api-client.ts';
import type { ListFilter, PageOf } from './money-api.ts';

const PAGE_ITEMS = 50;

/** The twin's routes of alarms beside what the scene tells of them. */
export class AlarmApi {
  private readonly api: ApiClient;

  constructor(api: ApiClient) {
    this.api = api;
  }

  acknowledge(alarmId: string, note: string | null): Promise<AlarmView> {
    return this.act(alarmId, 'acknowledge', note === null ? {} : { note });
  }

  close(alarmId: string, reason: string): Promise<AlarmView> {
    return this.act(alarmId, 'close', { reason });
  }

  /** @param forMs scope time */
  shelve(alarmId: string, forMs: number, reason: string): Promise<AlarmView> {
    return this.act(alarmId, 'shelve', { forMs, reason });
  }

  unshelve(alarmId: string): Promise<AlarmView> {
    return this.act(alarmId, 'unshelve', {});
  }

  history(filter: ListFilter, cursor: string | null): Promise<PageOf<AlarmView>> {
    const query = new URLSearchParams({ limit: String(PAGE_ITEMS) });
    for (const [name, value] of Object.entries(filter)) if (value !== '') query.set(name, value);
    if (cursor !== null) query.set('cursor', cursor);
    return this.api.request('GET', `/api/v1/alarms?${query.toString()}`);
  }

  figures(from: string, until: string): Promise<AlarmFigures> {
    return this.api.request('GET', `/api/v1/alarms/figures?${new URLSearchParams({ from, until }).toString()}`);
  }

  private act(alarmId: string, act: string, body: object): Promise<AlarmView> {
    return this.api.request('POST', `/api/v1/alarms/${encodeURIComponent(alarmId)}/${act}`, body);
  }
}
