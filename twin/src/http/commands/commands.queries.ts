import type { Db } from '../../db/db.ts';

export interface CommandRow {
  [column: string]: unknown;
  command_id: string;
  order_id: string | null;
  subject: string;
  payload: string;
  state: string;
  detail: string | null;
  issued_at: Date;
  expires_at: Date;
  replied_at: Date | null;
  ended_at: Date | null;
  issued_by: string | null;
  note: string | null;
}

/** Which commands; null: whichever. */
export interface CommandsAsked {
  readonly source: string | null;
  readonly id: string | null;
  readonly verb: string | null;
  readonly state: string | null;
  /** Of its arguments: about which slot, about which swap. */
  readonly evseId: number | null;
  readonly requestId: number | null;
  /** Only those that people sent. */
  readonly byPeople: boolean;
}

/** Newest first. @param after instant and id of the last one of the page before */
export async function listCommands(
  db: Db,
  platformId: string,
  { asked, after, limit }: { asked: CommandsAsked; after: readonly string[] | null; limit: number },
): Promise<CommandRow[]> {
  const { rows } = await db.query<CommandRow>({
    text: `select * from outbox where platform_id = $1 and ($2::timestamptz is null or (issued_at, command_id) < ($2, $3))
              and ($4::text is null or split_part(subject, '.', 4) = $4) and ($5::text is null or split_part(subject, '.', 5) = $5)
              and ($6::text is null or split_part(subject, '.', 7) || '.' || split_part(subject, '.', 8) = $6)
              and ($7::text is null or state = $7) and (not $8::boolean or note is not null)
              and ($9::integer is null or (payload::jsonb #>> '{args,evseId}')::integer = $9)
              and ($10::integer is null or (payload::jsonb #>> '{args,requestId}')::integer = $10)
            order by issued_at desc, command_id desc limit $11`,
    values: [
      platformId,
      after?.[0] ?? null,
      after?.[1] ?? null,
      asked.source,
      asked.id,
      asked.verb,
      asked.state,
      asked.byPeople,
      asked.evseId,
      asked.requestId,
      limit,
    ],
  });
  return rows;
}

export async function findCommand(db: Db, platformId: string, id: string): Promise<CommandRow | null> {
  const { rows } = await db.query<CommandRow>({
    text: 'select * from outbox where platform_id = $1 and command_id = $2',
    values: [platformId, id],
  });
  return rows[0] ?? null;
}
