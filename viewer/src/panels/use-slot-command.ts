import type { SlotView } from '@corridor/protocols/http/scene';
import { useState } from 'preact/hooks';
import type { Asked } from '../feed/operator-api.ts';
import { useApp } from './app-context.ts';

/** What is asked of a slot's station, and the id of what was asked last. */
export interface SlotCommand {
  newestId: string | null;
  command: (verb: string, args: object) => (asked: Asked) => Promise<void>;
}

export function useSlotCommand({ stationId, evseId }: Pick<SlotView, 'stationId' | 'evseId'>): SlotCommand {
  const { dispatchApi } = useApp();
  const [newestId, setNewestId] = useState<string | null>(null);
  const command: SlotCommand['command'] = (verb, args) => async (asked) => {
    const sent = await dispatchApi.command({ stationId, verb, args: { evseId, ...args }, ...asked });
    setNewestId(sent.id);
  };
  return { newestId, command };
}
