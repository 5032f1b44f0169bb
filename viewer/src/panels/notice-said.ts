import type { NotificationView } from '@corridor/protocols/http/notification-view';
import { type Notice, wordedNotice } from '@corridor/protocols/notice';
import { useApp, useWords } from './app-context.ts';

/** What a notification says, a notice of the platform in the reader's language; what a person wrote, and what was told before notices had codes, as it was written. */
export function useSaid({ title, text, notice }: NotificationView): { title: string; text: string } {
  const { language, store } = useApp();
  const words = useWords();
  if (notice === null) return { title, text };
  const stationName = (id: string): string => {
    const station = store.version.stations.value < 0 ? undefined : store.records.stations.get(id);
    return (language.chinese ? station?.nameZh : station?.name) ?? id;
  };
  const spoken: Notice = { ...notice };
  if ('stationId' in spoken) spoken.stationId = stationName(spoken.stationId);
  if ('reason' in spoken) spoken.reason = language.codeWord(spoken.reason);
  return wordedNotice(words.notice, spoken);
}
