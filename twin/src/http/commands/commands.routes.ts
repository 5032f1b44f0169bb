import { randomUUID } from 'node:crypto';
import type { EffectOf } from '@corridor/actors/network/effect';
import type { Reference } from '@corridor/actors/network/reference';
import { type AnyCommand, COMMAND_VERBS, COMMANDS, type CommandVerb } from '@corridor/protocols/cmd/command';
import { Page } from '@corridor/protocols/http/problem';
import { TOKEN_PATTERN } from '@corridor/protocols/ids';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { Compile, type Validator } from 'typebox/compile';
import type { Database } from '../../db/db.ts';
import { isKnown } from '../../ingest/event-intake.ts';
import { ALL_RIGHTS } from '../../projection/rights.ts';
import { readAs } from '../../rights/read-as.ts';
import type { Writer } from '../../writer/writer.ts';
import { IdParams } from '../assets/assets.routes.ts';
import { requireOperator } from '../caller.ts';
import { cursorOf, LIMIT_DEFAULT, PageQuery, readCursor } from '../paging.ts';
import { notFound, ProblemError } from '../problem.ts';

/** Verbs that people may send: the rest belongs to orders and to the platform's own clockwork. */
const OPERATOR_VERBS = COMMAND_VERBS.filter((verb) => verb !== 'swap.start' && verb !== 'swap.reject' && verb !== 'time.sync');
const NewCommand = Type.Object(
  {
    source: Type.Enum(['station', 'truck']),
    id: Type.String({ pattern: TOKEN_PATTERN }),
    verb: Type.Enum([...OPERATOR_VERBS]),
    args: Type.Object({}, { additionalProperties: true }),
    expiresInMs: Type.Optional(Type.Integer({ minimum: 1_000, maximum: 86_400_000, default: 300_000, description: 'scope time' })),
  },
  { additionalProperties: false },
);
const N = Type.Union([Type.String(), Type.Null()]);
const CommandView = Type.Object({
  id: Type.String(),
  subject: Type.String(),
  orderId: N,
  state: Type.String({ description: 'PENDING, ACCEPTED or REJECTED (stage 1), DONE or FAILED (stage 2), EXPIRED' }),
  detail: N,
  issuedAt: Type.String(),
  expiresAt: Type.String(),
  repliedAt: N,
  endedAt: N,
});
const EXPIRES_IN_MS = 300_000;

interface CommandRow {
  [column: string]: unknown;
  command_id: string;
  order_id: string | null;
  subject: string;
  state: string;
  detail: string | null;
  issued_at: Date;
  expires_at: Date;
  replied_at: Date | null;
  ended_at: Date | null;
}

export interface CommandsRoutesOptions {
  database: Database;
  platformId: string;
  reference: Reference;
  writer: Writer;
  scopeNowMs: () => number;
}

const validators = new Map<CommandVerb, Validator>();

/** Commands to gateways, in two stages. Global interlocks are never reset from here: that takes a person at the station. */
export const commandsRoutes: FastifyPluginAsyncTypebox<CommandsRoutesOptions> = async (app, options) => {
  const { database, platformId, reference, writer, scopeNowMs } = options;
  const find = async (id: string): Promise<CommandRow> => {
    const { rows } = await readAs(database, ALL_RIGHTS).query<CommandRow>({
      text: 'select * from outbox where platform_id = $1 and command_id = $2',
      values: [platformId, id],
    });
    const row = rows[0];
    if (!row) throw notFound('command', id);
    return row;
  };
  app.post(
    '/commands',
    { schema: { tags: ['commands'], summary: 'Sends a command to a gateway', body: NewCommand, response: { 202: CommandView } } },
    async (request, reply) => {
      const caller = requireOperator(request);
      const { source, id, verb, args, expiresInMs } = request.body;
      if (!isKnown(reference, source, id)) throw notFound(source, id);
      const atMs = scopeNowMs();
      const command: EffectOf<'command.issued'> = {
        type: 'command.issued',
        atMs,
        commandId: randomUUID(),
        source,
        id,
        issuedBy: caller.userId.slice(0, 128).toWellFormed(),
        expiresAtMs: atMs + (expiresInMs ?? EXPIRES_IN_MS),
        orderId: null,
        ...checked(verb, args),
      };
      await writer.command(command);
      return reply.code(202).send(view(await find(command.commandId)));
    },
  );
  app.get(
    '/commands/:id',
    { schema: { tags: ['commands'], summary: 'What became of a command', params: IdParams, response: { 200: CommandView } } },
    async (request) => {
      requireOperator(request);
      return view(await find(request.params.id));
    },
  );
  app.get(
    '/commands',
    {
      schema: {
        tags: ['commands'],
        summary: 'Commands, newest first',
        querystring: Type.Object(PageQuery),
        response: { 200: Page(CommandView) },
      },
    },
    async (request) => {
      requireOperator(request);
      const limit = request.query.limit ?? LIMIT_DEFAULT;
      const after = readCursor(request.query.cursor, 2);
      const { rows } = await readAs(database, ALL_RIGHTS).query<CommandRow>({
        text: `select * from outbox where platform_id = $1 and ($2::timestamptz is null or (issued_at, command_id) < ($2, $3))
             order by issued_at desc, command_id desc limit $4`,
        values: [platformId, after?.[0] ?? null, after?.[1] ?? null, limit + 1],
      });
      const page = rows.slice(0, limit);
      const last = page.at(-1);
      return {
        items: page.map(view),
        nextCursor: rows.length > limit && last ? cursorOf([last.issued_at.toISOString(), last.command_id]) : null,
      };
    },
  );
};

/** @throws ProblemError when the arguments are not those of the verb */
function checked(verb: CommandVerb, args: object): AnyCommand {
  let validator = validators.get(verb);
  if (!validator) {
    validator = Compile(COMMANDS[verb].properties.args);
    validators.set(verb, validator);
  }
  if (!validator.Check(args)) {
    const [first] = validator.Errors(args);
    throw new ProblemError(400, 'INPUT_INVALID', `args${first?.instancePath ?? ''}: ${first?.message ?? 'do not match the verb'}`);
  }
  return { verb, args } as AnyCommand;
}

const view = (row: CommandRow) => ({
  id: row.command_id,
  subject: row.subject,
  orderId: row.order_id,
  state: row.state,
  detail: row.detail,
  issuedAt: row.issued_at.toISOString(),
  expiresAt: row.expires_at.toISOString(),
  repliedAt: row.replied_at?.toISOString() ?? null,
  endedAt: row.ended_at?.toISOString() ?? null,
});
