import type { CommandView } from '@corridor/protocols/http/command-view';
import type { NotificationView } from '@corridor/protocols/http/notification-view';
import type { QueueView } from '@corridor/protocols/http/queue-view';
import type { ApiClient } from './api-client.ts';
import type { ListFilter, PageOf } from './money-api.ts';

const PAGE_ITEMS = 50;

/** What is asked of a station's gateway. */
export type SentCommand = Readonly<{ stationId: string; verb: string; args: object; key: string; note: string }>;
export type SentMessage = Readonly<{ to: string; title: string; text: string; key: string; stationId?: string }>;

/** The twin's routes by which people steer the corridor, and by which they are written to. */
export class DispatchApi {
  private readonly api: ApiClient;

  constructor(api: ApiClient) {
    this.api = api;
  }

  /** @param at RFC 3339; null: now */
  queues(at: string | null): Promise<{ items: QueueView[] }> {
    return this.api.request('GET', `/api/v1/queues${at === null ? '' : `?at=${encodeURIComponent(at)}`}`);
  }

  command({ stationId, ...asked }: SentCommand): Promise<CommandView> {
    return this.api.request('POST', '/api/v1/commands', { source: 'station', id: stationId, ...asked });
  }

  commands(filter: ListFilter, cursor: string | null): Promise<PageOf<CommandView>> {
    return this.api.request('GET', `/api/v1/commands?${queryOf(filter, cursor)}`);
  }

  notifications(cursor: string | null): Promise<PageOf<NotificationView>> {
    return this.api.request('GET', `/api/v1/notifications?${queryOf({}, cursor)}`);
  }

  write(message: SentMessage): Promise<NotificationView> {
    return this.api.request('POST', '/api/v1/notifications', message);
  }

  read(no: string): Promise<NotificationView> {
    return this.api.request('POST', `/api/v1/notifications/${no}/read`, {});
  }

  answer(no: string, answer: 'ACCEPTED' | 'DECLINED'): Promise<NotificationView> {
    return this.api.request('POST', `/api/v1/notifications/${no}/answer`, { answer });
  }
}

function queryOf(filter: ListFilter, cursor: string | null): string {
  const query = new URLSearchParams({ limit: String(PAGE_ITEMS) });
  for (const [name, value] of Object.entries(filter)) if (value !== '') query.set(name, value);
  if (cursor !== null) query.set('cursor', cursor);
  return query.toString();
}
