import { settlementAlarmIdOf } from '@corridor/actors/network/settlement-alarm';
import type { SettlementStep } from '@corridor/actors/settlement/settlement-step';
import type { Database } from '../db/db.ts';
import type { Log } from '../log.ts';
import { WriterStoppedError } from '../writer/intent-answer.ts';
import type { Writer } from '../writer/writer.ts';
import { standingSettlementAlarms } from './settlement-alarms.queries.ts';

interface SettlementAlarmsOptions {
  readonly database: Database;
  readonly platformId: string;
  readonly writer: Pick<Writer, 'ask'>;
  readonly log: Log;
}

/** What of settlement could not be done, until it is: an alarm for each, of the platform. */
export class SettlementAlarms {
  readonly #options: SettlementAlarmsOptions;
  /** Read when first asked for: what failed before a restart may succeed after it. */
  #standing: Set<string> | null = null;

  constructor(options: SettlementAlarmsOptions) {
    this.#options = options;
  }

  /** Raises it, or says its reason anew. @throws WriterStoppedError */
  async raise(step: SettlementStep, id: string, reason: string): Promise<void> {
    (await this.#known()).add(settlementAlarmIdOf(step, id));
    await this.#tell(step, id, reason);
  }

  /** Done in the end: nothing, if it never failed. @throws WriterStoppedError */
  async end(step: SettlementStep, id: string): Promise<void> {
    const known = await this.#known();
    if (known.delete(settlementAlarmIdOf(step, id))) await this.#tell(step, id, null);
  }

  async #known(): Promise<Set<string>> {
    this.#standing ??= await standingSettlementAlarms(this.#options.database.pool, this.#options.platformId);
    return this.#standing;
  }

  async #tell(step: SettlementStep, id: string, reason: string | null): Promise<void> {
    const { platformId, writer, log } = this.#options;
    const answer = await writer.ask({ type: 'settlement.failed', platformId, step, id, reason }, platformId);
    if (!answer.ok) log.error({ step, id, reason, code: answer.code }, 'an alarm of settlement is not told');
  }
}

/** Code of what was thrown; what has none is a bug. @throws WriterStoppedError: that is no failure of what was tried */
export function failureReasonOf(cause: unknown): string {
  if (cause instanceof WriterStoppedError) throw cause;
  return cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? cause.code : 'UNEXPECTED';
}
