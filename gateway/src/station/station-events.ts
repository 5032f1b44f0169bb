import { type StationEventTopic, subject } from '@corridor/protocols/subject';
import type { JournalTransaction, NewEvent, StageTwo } from '../journal/journal.ts';

/** Names this station's events: subject and schema of each come from here only. */
export class StationEvents {
  readonly scope: string;
  readonly stationId: string;

  constructor(scope: string, stationId: string) {
    this.scope = scope;
    this.stationId = stationId;
  }

  of(topic: StationEventTopic, event: string, atMs: number, data: unknown): NewEvent {
    return { subject: subject.stationEvent(this.scope, this.stationId, topic, event), schema: `evt.${topic}.${event}/1`, atMs, data };
  }

  /** Stage 2 of a command: remembered with the command and sent in the EVT lane. */
  result(tx: JournalTransaction, commandId: string, result: StageTwo, atMs: number): void {
    tx.putResult(commandId, result);
    const at = subject.result(this.scope, 'station', this.stationId, commandId);
    tx.event({ subject: at, schema: 'res/1', atMs, data: { commandId, ...result } });
  }
}
