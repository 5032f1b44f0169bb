import { createHash, randomUUID } from 'node:crypto';
import type { EntityRef } from '@corridor/actors/network/entity-ref';
import { refOf } from '@corridor/actors/network/entity-ref';
import type { Intent } from '@corridor/actors/network/input';
import type { Reference } from '@corridor/actors/network/reference';
import { type AnyCommand, COMMAND_VERBS, COMMANDS, type CommandVerb } from '@corridor/protocols/cmd/command';
import { COMMAND_STATES, CommandView } from '@corridor/protocols/http/command-view';
import { Page } from '@corridor/protocols/http/problem';
import { IdText, slotIdOf, TOKEN_PATTERN } from '@corridor/protocols/ids';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { Compile, type Validator } from 'typebox/compile';
import type { Database } from '../../db/db.ts';
import { isKnown } from '../../ingest/event-intake.ts';
import { type Rights, rightsOf } from '../../projection/rights.ts';
import { readAs } from '../../rights/read-as.ts';
import type { Writer } from '../../writer/writer.ts';
import { IdParams } from '../assets/assets.routes.ts';
import { actOnce } from '../assets/operator-act.ts';
import { callerOf } from '../caller.ts';
import { cursorOf, LIMIT_DEFAULT, PageQuery, readCursor } from '../paging.ts';
import { forbidden, notFound, ProblemError } from '../problem.ts';
import { ReasonText, reasonOf } from '../reason-text.ts';
import { type CommandRow, findCommand, listCommands } from './commands.queries.ts';

/** Verbs that people may send: the rest belongs to orders, to acts on slots and to the platform's own clockwork. */
const PERSON_VERBS = COMMAND_VERBS.filter(
  (verb) => verb !== 'swap.start' && verb !== 'swap.reject' && verb !== 'time.sync' && verb !== 'slot.availability',
);
/** Of them, at stations of their own, the operators'. What has a rule of its own in the books has an act of its own: abort, notify. */
const OPERATOR_VERBS: readonly CommandVerb[] = [
  'swap.resume',
  'slot.lock',
  'slot.unlock',
  'slot.quarantine',
  'charge.setpoint',
  'charge.stop',
  'config.get',
  'inventory.report',
];
const NewCommand = Type.Object(
  {
    source: Type.Enum(['station', 'truck']),
    id: Type.String({ pattern: TOKEN_PATTERN }),
    verb: Type.Enum([...PERSON_VERBS]),
    args: Type.Object({}, { additionalProperties: true }),
    expiresInMs: Type.Optional(Type.Integer({ minimum: 1_000, maximum: 86_400_000, default: 300_000, description: 'scope time' })),
    key: Type.Optional(
      Type.String({ pattern: TOKEN_PATTERN, description: 'of the request, made up by the caller: the same key again sends nothing' }),
    ),
    note: ReasonText('why, for the list and the audit log'),
  },
  { additionalProperties: false },
);
const CommandsQuery = Type.Object({
  ...PageQuery,
  source: Type.Optional(Type.Enum(['station', 'truck'])),
  id: Type.Optional(IdText('station or truck')),
  verb: Type.Optional(Type.Enum([...COMMAND_VERBS])),
  state: Type.Optional(Type.Enum([...COMMAND_STATES])),
  byPeople: Type.Optional(Type.Boolean({ description: 'only those that people sent' })),
  evseId: Type.Optional(Type.Integer({ minimum: 1, maximum: 999, description: 'only about this slot' })),
  requestId: Type.Optional(Type.Integer({ minimum: 1, maximum: 2_147_483_647, description: 'only about this swap' })),
});
const EXPIRES_IN_MS = 300_000;
const KEY_HEX = 32;

export interface CommandsRoutesOptions {
  database: Database;
  platformId: string;
  reference: Reference;
  writer: Writer;
}

const validators = new Map<CommandVerb, Validator>();

/** Commands to gateways, in two stages. Global interlocks are never reset from here: that takes a person at the station. */
export const commandsRoutes: FastifyPluginAsyncTypebox<CommandsRoutesOptions> = async (app, options) => {
  const { database, platformId, reference, writer } = options;
  const act = actOnce({ database, platformId, writer });
  const find = async (rights: Rights, id: string): Promise<CommandView> => {
    const row = await findCommand(readAs(database, rights), platformId, id);
    if (row === null) throw notFound('command', id);
    return view(row);
  };
  app.post(
    '/commands',
    {
      schema: {
        tags: ['commands'],
        summary: 'Sends a command to a gateway: by the platform, and by operators to their stations',
        body: NewCommand,
        response: { 202: CommandView },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      const { source, id, verb, args, expiresInMs, key, note } = request.body;
      const rights = rightsOf(caller);
      refuseForeign(rights, { source, id, verb }, reference);
      const command = checked(verb, args);
      refuseImpossible(command, { source, id }, reference);
      // The command of a request has one name, however often it is sent again.
      const commandId = key === undefined ? randomUUID() : `k-${sha256(`${caller.userId} ${key}`).slice(0, KEY_HEX)}`;
      const intent: Intent = {
        type: 'command.send',
        commandId,
        source,
        id,
        of: concernOf(command, { source, id }),
        expiresInMs: expiresInMs ?? EXPIRES_IN_MS,
        note: reasonOf(note),
        ...command,
      };
      await act(request, key ?? commandId, intent);
      return reply.code(202).send(await find(rights, commandId));
    },
  );
  app.get(
    '/commands/:id',
    { schema: { tags: ['commands'], summary: 'What became of a command', params: IdParams, response: { 200: CommandView } } },
    async (request) => find(readerOf(rightsOf(callerOf(request))), request.params.id),
  );
  app.get(
    '/commands',
    {
      schema: {
        tags: ['commands'],
        summary: 'Commands to what the caller owns, newest first; to the platform all',
        querystring: CommandsQuery,
        response: { 200: Page(CommandView) },
      },
    },
    async (request) => {
      const rights = readerOf(rightsOf(callerOf(request)));
      const { limit = LIMIT_DEFAULT, source, id, verb, state, byPeople, evseId, requestId } = request.query;
      const asked = {
        source: source ?? null,
        id: id ?? null,
        verb: verb ?? null,
        state: state ?? null,
        byPeople: byPeople === true,
        evseId: evseId ?? null,
        requestId: requestId ?? null,
      };
      const after = readCursor(request.query.cursor, 2);
      const rows = await listCommands(readAs(database, rights), platformId, { asked, after, limit: limit + 1 });
      const page = rows.slice(0, limit);
      const last = page.at(-1);
      return {
        items: page.map(view),
        nextCursor: rows.length > limit && last ? cursorOf([last.issued_at.toISOString(), last.command_id]) : null,
      };
    },
  );
};

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** @throws ProblemError to who has nothing that commands go to */
function readerOf(rights: Rights): Rights {
  if (rights.kind === 'ALL' || rights.kind === 'STATION_OPERATOR' || rights.kind === 'CARRIER') return rights;
  throw forbidden('commands are for the platform and for owners of stations and trucks');
}

type Target = { source: 'station' | 'truck'; id: string };

/** @throws ProblemError when the caller may not send this there */
function refuseForeign(rights: Rights, { source, id, verb }: Target & { verb: CommandVerb }, reference: Reference): void {
  if (rights.kind !== 'ALL' && rights.kind !== 'STATION_OPERATOR')
    throw forbidden('only the platform and operators of stations send commands');
  if (!isKnown(reference, source, id)) throw notFound(source, id);
  if (rights.kind === 'ALL') return;
  const isOwn = source === 'station' && reference.station(id)?.operatorId === rights.principalId;
  if (!isOwn || !OPERATOR_VERBS.includes(verb))
    throw forbidden('an operator sends to own stations, and what concerns slots, charging and counting');
}

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

/** What the gateway would refuse in any state. @throws ProblemError 422 by the gateway's own reason */
function refuseImpossible(command: AnyCommand, { source, id }: Target, reference: Reference): void {
  const station = source === 'station' ? reference.station(id) : undefined;
  if (station === undefined || !('evseId' in command.args)) return;
  if (command.args.evseId > station.slots) throw new ProblemError(422, 'EVSE_UNKNOWN', `${id} has ${station.slots} slots`);
  if (command.verb !== 'charge.setpoint') return;
  const { powerW } = command.args;
  if (powerW !== null && (powerW < 0 || powerW > station.chargerPowerW)) {
    throw new ProblemError(422, 'VALUE_OUT_OF_RANGE', `a charger of ${id} gives 0 to ${station.chargerPowerW} W`);
  }
}

const concernOf = (command: AnyCommand, { source, id }: Target): EntityRef =>
  source === 'station' && 'evseId' in command.args ? refOf('slot', slotIdOf(id, command.args.evseId)) : refOf(source, id);

function view(row: CommandRow): CommandView {
  const [, , , source = '', sourceId = '', , topic = '', verb = ''] = row.subject.split('.');
  return {
    id: row.command_id,
    source,
    sourceId,
    verb: `${topic}.${verb}`,
    args: (JSON.parse(row.payload) as { args: Record<string, unknown> }).args,
    subject: row.subject,
    orderId: row.order_id,
    state: row.state,
    detail: row.detail,
    issuedBy: row.issued_by,
    note: row.note,
    issuedAt: row.issued_at.toISOString(),
    expiresAt: row.expires_at.toISOString(),
    repliedAt: row.replied_at?.toISOString() ?? null,
    endedAt: row.ended_at?.toISOString() ?? null,
  };
}
