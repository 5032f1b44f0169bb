import type { DatabaseSync } from 'node:sqlite';
import type { CommandReply, CommandResult, CommandVerb } from '@corridor/protocols/cmd/command';
import type { PanelAct } from '../ports/local-panel.ts';

export type OrderLogEntry = {
  orderNo: string;
  requestId: number;
  truckId: string | null;
  openedAtMs: number;
  endedAtMs: number | null;
  outcome: string | null;
};

/** A command as the station's people read it: what was answered, and what became of it; null = nothing yet. */
export type CommandLogEntry = {
  commandId: string;
  verb: CommandVerb;
  receivedAtMs: number;
  args: unknown;
  reply: Pick<CommandReply, 'result' | 'statusInfo'>;
  result: Pick<CommandResult['data'], 'result' | 'statusInfo'> | null;
};

/** What a person did on the station's page. */
export type PageActEntry = {
  actId: string;
  atMs: number;
  /** null = whoever had the station's one token. */
  person: string | null;
  act: PanelAct;
};

type Row = Record<string, string | number | null>;

const ORDER_COLUMNS = 'order_no, request_id, truck_id, opened_at_ms, ended_at_ms, outcome';
const COMMAND_COLUMNS = 'command_id, verb, received_at_ms, args, reply, result';

/** What people read of a journal, newest first and a page at a time. Shares the journal's connection, which locks the file for it alone. */
export class JournalLog {
  readonly #orders;
  readonly #ordersBefore;
  readonly #commands;
  readonly #commandsBefore;
  readonly #acts;
  readonly #actsBefore;
  readonly #addAct;
  readonly #changes;

  constructor(db: DatabaseSync) {
    const orders = 'order by opened_at_ms desc, order_no desc limit ?';
    const commands = 'order by received_at_ms desc, command_id desc limit ?';
    this.#orders = db.prepare(`select ${ORDER_COLUMNS} from order_log ${orders}`);
    this.#ordersBefore = db.prepare(
      `select ${ORDER_COLUMNS} from order_log
       where (opened_at_ms, order_no) < (select opened_at_ms, order_no from order_log where order_no = ?) ${orders}`,
    );
    this.#commands = db.prepare(`select ${COMMAND_COLUMNS} from command ${commands}`);
    this.#commandsBefore = db.prepare(
      `select ${COMMAND_COLUMNS} from command
       where (received_at_ms, command_id) < (select received_at_ms, command_id from command where command_id = ?) ${commands}`,
    );
    this.#acts = db.prepare('select act_id, at_ms, person, act from page_act order by act_id desc limit ?');
    this.#actsBefore = db.prepare('select act_id, at_ms, person, act from page_act where act_id < ? order by act_id desc limit ?');
    this.#addAct = db.prepare('insert into page_act (at_ms, person, act) values (?, ?, ?)');
    this.#changes = db.prepare('select total_changes() as n');
  }

  /** Differs after each write of this process: whoever keeps a page reads it again then. */
  revision(): number {
    return (this.#changes.get() as { n: number }).n;
  }

  /** Newest swaps, or those before the one named; none when that one is not there. */
  orders(limit: number, before: string | null = null): OrderLogEntry[] {
    const rows = before === null ? this.#orders.all(limit) : this.#ordersBefore.all(before, limit);
    return (rows as Row[]).map((row) => ({
      orderNo: String(row.order_no),
      requestId: Number(row.request_id),
      truckId: row.truck_id === null ? null : String(row.truck_id),
      openedAtMs: Number(row.opened_at_ms),
      endedAtMs: row.ended_at_ms === null ? null : Number(row.ended_at_ms),
      outcome: row.outcome === null ? null : String(row.outcome),
    }));
  }

  /** Kept before it is done, and for as long as the swaps are. */
  noteAct({ atMs, person, act }: Omit<PageActEntry, 'actId'>): void {
    this.#addAct.run(Math.round(atMs), person, JSON.stringify(act));
  }

  /** Newest acts on the page, or those before the one named. */
  acts(limit: number, before: string | null = null): PageActEntry[] {
    const rows = before === null ? this.#acts.all(limit) : this.#actsBefore.all(Number(before), limit);
    return (rows as Row[]).map((row) => ({
      actId: String(row.act_id),
      atMs: Number(row.at_ms),
      person: row.person === null ? null : String(row.person),
      act: JSON.parse(String(row.act)) as PanelAct,
    }));
  }

  /** Newest commands, or those before the one named; none when that one is not there. */
  commands(limit: number, before: string | null = null): CommandLogEntry[] {
    const rows = before === null ? this.#commands.all(limit) : this.#commandsBefore.all(before, limit);
    return (rows as Row[]).map((row) => ({
      commandId: String(row.command_id),
      verb: row.verb as CommandVerb,
      receivedAtMs: Number(row.received_at_ms),
      args: JSON.parse(String(row.args)),
      reply: JSON.parse(String(row.reply)) as CommandLogEntry['reply'],
      result: row.result === null ? null : (JSON.parse(String(row.result)) as CommandLogEntry['result']),
    }));
  }
}
