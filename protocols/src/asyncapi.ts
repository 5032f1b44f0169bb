import type { TSchema } from 'typebox';
import { EXAMPLES } from './asyncapi-examples.data.ts';
import {
  ACK_DESCRIPTION,
  CLOCK_DESCRIPTION,
  CREDENTIALS_DESCRIPTION,
  INTRODUCTION,
  REFUSAL_NOTICE_DESCRIPTION,
  SERVER_DESCRIPTION,
} from './asyncapi-guide.ts';
import { CATALOG } from './catalog.ts';
import { Ack, ClockTick, COMMANDS, CommandReply } from './cmd/command.ts';
import { RefusalNotice } from './cmd/refusal-notice.ts';
import { TOKEN_PATTERN } from './ids.ts';
import { type SourceKind, subject, TWIN_ENTITIES } from './subject.ts';
import { Refused, TWIN_MESSAGES } from './twin/twin-event.ts';

type Reference = { $ref: string };
type Message = {
  name: string;
  title: string;
  contentType: 'application/json';
  headers?: object;
  payload: TSchema;
  examples?: { name: string; payload: unknown }[];
};
type Channel = { address: string; description?: string; messages: Record<string, Reference>; parameters: Record<string, Reference> };
type Operation = {
  action: 'send' | 'receive';
  summary: string;
  channel: Reference;
  messages: Reference[];
  reply?: { channel: Reference; messages: Reference[] };
};

export type AsyncApiDocument = {
  asyncapi: '3.0.0';
  info: { title: string; version: string; description: string; license: { name: string; url: string } };
  defaultContentType: 'application/json';
  servers: Record<string, { host: string; protocol: 'nats'; description: string; security: Reference[] }>;
  channels: Record<string, Channel | { address: null; description: string; messages: Record<string, Reference> }>;
  operations: Record<string, Operation>;
  components: {
    messages: Record<string, Message>;
    parameters: Record<string, { description: string }>;
    securitySchemes: Record<string, object>;
  };
};

const PARAMETERS = {
  scope: { description: '`live`, or `sim-<runId>` of a simulation run' },
  stationId: { description: `id of the station (${TOKEN_PATTERN})` },
  truckId: { description: `id of the truck (${TOKEN_PATTERN})` },
  commandId: { description: 'commandId of the command this is the result of' },
  entityId: { description: 'id of the entity' },
  event: { description: 'event of the entity, for example an order state in lower case' },
  source: { description: 'station or truck the refused message came from, `unknown` when it cannot be told' },
  lane: { description: '`tele`, `evt` or `res`' },
} as const;
type Parameter = keyof typeof PARAMETERS;

/** Stand-ins that are valid tokens: addresses come from the one place that builds subjects. */
const STAND_IN = {
  scope: 'live',
  stationId: 'P-stationId',
  truckId: 'P-truckId',
  commandId: 'P-commandId',
  entityId: 'P-entityId',
  event: 'P-event',
  source: 'P-source',
  lane: 'P-lane',
} as const satisfies Record<Parameter, string>;

/** A subject built with {@link STAND_IN}s -> an address with `{parameters}`, and which it has. */
function addressOf(text: string): { address: string; parameters: Record<string, Reference> } {
  const used: Record<string, Reference> = {};
  const tokens = text.split('.').map((token, place) => {
    const parameter = (Object.keys(STAND_IN) as Parameter[]).find((name) => STAND_IN[name] === token && (name !== 'scope' || place === 2));
    if (parameter === undefined) return token;
    used[parameter] = { $ref: `#/components/parameters/${parameter}` };
    return `{${parameter}}`;
  });
  return { address: tokens.join('.'), parameters: used };
}

const idOf = (source: SourceKind) => (source === 'station' ? STAND_IN.stationId : STAND_IN.truckId);

/** Subject of a catalogue entry, for example `station:evt:swap.arrived`. */
function subjectOf(key: string): string {
  const [source, lane, name = ''] = key.split(':') as [SourceKind, 'tele' | 'evt' | 'res', string?];
  const id = idOf(source);
  if (lane === 'res') return subject.result(STAND_IN.scope, source, id, STAND_IN.commandId);
  if (lane === 'tele') {
    return source === 'station'
      ? subject.stationTele(STAND_IN.scope, id, name as Parameters<typeof subject.stationTele>[2])
      : subject.truckTele(STAND_IN.scope, id, name as Parameters<typeof subject.truckTele>[2]);
  }
  if (source === 'truck') return subject.truckEvent(STAND_IN.scope, id, name);
  const [topic, event = ''] = name.split('.');
  return subject.stationEvent(STAND_IN.scope, id, topic as Parameters<typeof subject.stationEvent>[2], event);
}

const HEADERS = {
  type: 'object',
  properties: { 'Nats-Msg-Id': { type: 'string', description: '<src>:<bootId>:<tele|evt>:<seq>; results travel in the evt lane' } },
};

/** Keys of components may not hold `:`; dots stay. */
const nameOf = (key: string) => key.replaceAll(':', '.');

class Builder {
  readonly channels: AsyncApiDocument['channels'] = {};
  readonly operations: AsyncApiDocument['operations'] = {};
  readonly messages: AsyncApiDocument['components']['messages'] = {};

  message(name: string, payload: TSchema): Reference {
    const example = EXAMPLES[name];
    this.messages[name] = {
      name,
      title: name,
      contentType: 'application/json',
      payload,
      ...(example === undefined ? {} : { examples: [{ name: 'example', payload: example }] }),
    };
    return { $ref: `#/components/messages/${name}` };
  }

  channel(name: string, onSubject: string, payload: TSchema, description?: string): void {
    const { address, parameters } = addressOf(onSubject);
    const messages = { [name]: this.message(name, payload) };
    this.channels[name] = { address, ...(description === undefined ? {} : { description }), messages, parameters };
  }

  operation(action: Operation['action'], name: string, summary: string): Operation {
    const channel = { $ref: `#/channels/${name}` };
    const operation: Operation = { action, summary, channel, messages: [{ $ref: `#/channels/${name}/messages/${name}` }] };
    this.operations[`${action}.${name}`] = operation;
    return operation;
  }
}

/** What gateways and T-boxes publish: telemetry, events, results. */
function addPublished(builder: Builder): void {
  for (const [key, schema] of Object.entries(CATALOG)) {
    const name = nameOf(key);
    builder.channel(name, subjectOf(key), schema);
    const message = builder.messages[name];
    if (message) message.headers = HEADERS;
    builder.operation('send', name, `JetStream, lane ${key.split(':')[1] === 'tele' ? 'tele' : 'evt'}`);
  }
}

/** Commands with both answers: the reply in the inbox of the request, the result among the published messages. */
function addCommands(builder: Builder): void {
  const reply = builder.message('command.reply', CommandReply);
  builder.channels['command.reply'] = {
    address: null,
    description: 'Stage 1: the reply to the request, on the reply subject it came with, within 5 s.',
    messages: { 'command.reply': reply },
  };
  for (const source of ['station', 'truck'] as const) {
    for (const [verb, schema] of Object.entries(COMMANDS)) {
      if (source === 'truck' && verb !== 'notify.show' && verb !== 'time.sync') continue;
      const [topic = '', act = ''] = verb.split('.');
      const name = `${source}.cmd.${verb}`;
      builder.channel(name, subject.command(STAND_IN.scope, source, idOf(source), topic, act), schema);
      const operation = builder.operation('receive', name, 'NATS request; answered in two stages');
      operation.reply = {
        channel: { $ref: '#/channels/command.reply' },
        messages: [{ $ref: '#/channels/command.reply/messages/command.reply' }],
      };
    }
    const refused = `${source}.cmd.notify.refused`;
    builder.channel(refused, subject.refusalNotice(STAND_IN.scope, source, idOf(source)), RefusalNotice, REFUSAL_NOTICE_DESCRIPTION);
    builder.operation('receive', refused, 'plain NATS; nothing is answered');
    const ack = `${source}.ack`;
    builder.channel(ack, subject.ack(STAND_IN.scope, source, idOf(source)), Ack, ACK_DESCRIPTION);
    builder.operation('receive', ack, 'plain NATS; nothing is answered');
  }
}

/** What the twin concludes: for other consumers than gateways, so without an operation. */
function addConcluded(builder: Builder): void {
  for (const entity of TWIN_ENTITIES) {
    builder.channel(
      `twin.${entity}`,
      subject.twin(STAND_IN.scope, entity, STAND_IN.entityId, STAND_IN.event),
      TWIN_MESSAGES[entity],
      'What the twin concluded, after it is committed. A gateway’s credential does not cover it.',
    );
  }
  builder.channel('twin.refused', subject.refused(STAND_IN.scope, STAND_IN.source, STAND_IN.lane), Refused, 'What did not decode.');
  builder.channel('clock', subject.clock(STAND_IN.scope), ClockTick, CLOCK_DESCRIPTION);
}

/**
 * The AsyncAPI 3 document of the contract, built from the same schemas that decode the messages.
 * @param options.version version of the product
 * @param options.natsHost `host:port` under which gateways reach the NATS server
 */
export function asyncApiDocument(options: { version: string; natsHost: string }): AsyncApiDocument {
  const builder = new Builder();
  addPublished(builder);
  addCommands(builder);
  addConcluded(builder);
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'Corridor Twin',
      version: options.version,
      description: INTRODUCTION,
      license: { name: 'Apache-2.0', url: 'https://www.apache.org/licenses/LICENSE-2.0' },
    },
    defaultContentType: 'application/json',
    servers: {
      nats: {
        host: options.natsHost,
        protocol: 'nats',
        description: SERVER_DESCRIPTION,
        security: [{ $ref: '#/components/securitySchemes/credentials' }],
      },
    },
    channels: builder.channels,
    operations: builder.operations,
    components: {
      messages: builder.messages,
      parameters: PARAMETERS,
      securitySchemes: { credentials: { type: 'asymmetricEncryption', description: CREDENTIALS_DESCRIPTION } },
    },
  };
}
