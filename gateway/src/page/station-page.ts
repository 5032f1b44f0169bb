import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { assert } from '@corridor/protocols/assert';
import { SWAP_STEPS } from '@corridor/protocols/swap-step';
import fastify, { type FastifyBaseLogger, type FastifyInstance, type FastifyReply, type FastifyRequest, LogController } from 'fastify';
import { type Static, type TSchema, Type } from 'typebox';
import { Compile } from 'typebox/compile';
import { checkPeople, type PagePerson, personOf } from './page-people.ts';
import { type PageSource, stationView } from './page-view.ts';
import { actRefusal, PanelActBody } from './panel-act.ts';
import { StationPageError } from './station-page-error.ts';
import { ViewFeed } from './view-feed.ts';

export type StationPageOptions = {
  /** 0 = a free one. */
  port: number;
  /** Interface to listen on. Anything but loopback shows the station to whoever reaches it: without TLS of its own, a matter of the site's network. */
  host: string;
  /** Who may act; nobody = the page is read-only. */
  people: readonly PagePerson[];
};

export type StationPage = { url: string; close(): Promise<void> };

/** Entries of a log in one answer. */
const LOG_PAGE = 20;
const LOOPBACK = /^(127\.0\.0\.1|::1|localhost)$/;
const TYPES: Readonly<Record<string, string>> = { '.html': 'text/html', '.css': 'text/css', '.js': 'text/javascript' };
const FILES = [
  'index.html',
  'tokens.css',
  'page.css',
  'main.js',
  'page.js',
  'bay.js',
  'rack.js',
  'logs.js',
  'about.js',
  'language.js',
  'texts-en.js',
  'texts-zh-cn.js',
  'feed.js',
] as const;

const LogQuery = Type.Object({ before: Type.Optional(Type.String({ minLength: 1, maxLength: 80 })) }, { additionalProperties: false });

/** The page's own files, read once. `preact` comes from its package. */
function readFiles(): ReadonlyMap<string, { type: string; text: string }> {
  const files = new Map<string, { type: string; text: string }>();
  for (const name of FILES) {
    const text = readFileSync(new URL(`client/${name}`, import.meta.url), 'utf8');
    files.set(name === 'index.html' ? '/' : `/${name}`, { type: `${TYPES[extname(name)]}; charset=utf-8`, text });
  }
  const preact = readFileSync(fileURLToPath(import.meta.resolve('preact')), 'utf8');
  files.set('/preact.js', { type: 'text/javascript; charset=utf-8', text: preact });
  return files;
}

/** Nothing but the page's own files runs, also when a name or a plate is a script tag. */
function contentPolicy(index: string): string {
  const [, importMap = ''] = /<script type="importmap">([\s\S]*?)<\/script>/.exec(index) ?? [];
  const hash = createHash('sha256').update(importMap).digest('base64');
  return `default-src 'none'; script-src 'self' 'sha256-${hash}'; style-src 'self'; connect-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;
}

const refuse = (reply: FastifyReply, status: number, code: string, message: string) => reply.code(status).send({ code, message });

/** A page of another site must not read the station through a name that it made point here. */
function guardHost(app: FastifyInstance, host: string): void {
  if (!LOOPBACK.test(host)) return;
  app.addHook('onRequest', async (request, reply) => {
    if (!LOOPBACK.test(request.hostname.replace(/^\[|\]$/g, '')))
      await refuse(reply, 421, 'HOST_UNKNOWN', 'this page is served to this machine only');
  });
}

function serveFiles(app: FastifyInstance): void {
  const files = readFiles();
  const policy = contentPolicy(files.get('/')?.text ?? '');
  for (const [path, { type, text }] of files) {
    app.get(path, (_, reply) =>
      reply
        .headers({
          'content-type': type,
          'content-security-policy': policy,
          'cache-control': 'no-cache',
          'x-content-type-options': 'nosniff',
        })
        .send(text),
    );
  }
}

function serveView(app: FastifyInstance, source: PageSource, mayAct: boolean): ViewFeed {
  const { core } = source;
  const { clock } = core.equipment;
  const feed = new ViewFeed({
    clock: () => ({ atMs: clock.nowMs(), factor: clock.factor() }),
    view: () => stationView(source),
    failed: (cause) => core.log.error({ err: cause }, 'station page'),
  });
  const { id: stationId, name, nameZh } = core.station;
  app.get('/api/station', () => ({ stationId, name, nameZh, steps: SWAP_STEPS, mayAct }));
  app.get('/api/view', () => ({ atMs: clock.nowMs(), factor: clock.factor(), view: stationView(source) }));
  app.get('/api/events', (_, reply) => {
    if (feed.isFull) return refuse(reply, 503, 'TOO_MANY_PAGES', 'too many pages look at this station already');
    reply.hijack();
    reply.raw.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store', 'x-accel-buffering': 'no' });
    feed.add(reply.raw);
  });
  const log = <E>(path: string, read: (before: string | null) => E[]) =>
    app.get(path, { schema: { querystring: LogQuery } }, (request) => {
      const { before } = request.query as Static<typeof LogQuery>;
      const entries = read(before ?? null);
      return { entries: entries.slice(0, LOG_PAGE), more: entries.length > LOG_PAGE };
    });
  log('/api/orders', (before) => core.journal.log.orders(LOG_PAGE + 1, before));
  log('/api/commands', (before) => core.journal.log.commands(LOG_PAGE + 1, before));
  log('/api/acts', (before) => core.journal.log.acts(LOG_PAGE + 1, before));
  return feed;
}

function serveActs(app: FastifyInstance, { core, bays }: PageSource, people: readonly PagePerson[]): void {
  /** Whose token came with it; a refusal is sent otherwise. */
  const personFor = async (request: FastifyRequest, reply: FastifyReply): Promise<PagePerson | null> => {
    if (people.length === 0) {
      await refuse(reply, 403, 'READ_ONLY', 'this station has no token for its page: it shows and takes no acts');
      return null;
    }
    const given = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1];
    const person = given === undefined ? null : personOf(people, given);
    if (person === null) await refuse(reply, 401, 'TOKEN_WRONG', 'this is not a token of this station');
    return person;
  };
  app.get('/api/person', async (request, reply) => {
    const person = await personFor(request, reply);
    return person === null ? reply : { name: person.name };
  });
  const asked = new WeakMap<FastifyRequest, PagePerson>();
  const mayAct = async (request: FastifyRequest, reply: FastifyReply) => {
    const person = await personFor(request, reply);
    if (person !== null) asked.set(request, person);
  };
  app.post('/api/acts', { onRequest: mayAct, schema: { body: PanelActBody } }, (request, reply) => {
    const act = request.body as Static<typeof PanelActBody>;
    const person = asked.get(request);
    assert(person !== undefined, 'an act came past the door');
    const refusal = actRefusal(act, core, bays);
    if (refusal) return refuse(reply, refusal.status, refusal.code, `refused: ${refusal.code}`);
    core.log.info({ act, person: person.name }, 'act on the station page');
    // Who it was is kept before it is done.
    core.journal.log.noteAct({ atMs: core.equipment.clock.nowMs(), person: person.name, act });
    core.equipment.panel.press(act);
    return reply.code(204).send();
  });
}

function validateByTypebox(app: FastifyInstance): void {
  app.setValidatorCompiler<TSchema>(({ schema, httpPart }) => {
    const validator = Compile(schema);
    return (value: unknown) => {
      if (validator.Check(value)) return { value };
      const [first] = validator.Errors(value);
      return {
        error: new Error(`${httpPart ?? 'input'}${first ? `${first.instancePath || '/'} ${first.message}` : ' does not match its schema'}`),
      };
    };
  });
  app.setErrorHandler((error: Error & { statusCode?: number; validation?: unknown }, request, reply) => {
    const status = error.validation === undefined ? (error.statusCode ?? 500) : 400;
    if (status >= 500) request.log.error({ err: error }, 'station page');
    return refuse(
      reply,
      status,
      status >= 500 ? 'UNEXPECTED' : 'INPUT_INVALID',
      status >= 500 ? 'the station could not answer' : error.message,
    );
  });
  app.setNotFoundHandler((_, reply) => refuse(reply, 404, 'NOT_FOUND', 'there is no such page'));
}

/**
 * Serves the station's page from the gateway itself: it needs nothing but the journal and the equipment, so it stays when
 * the platform is away.
 * @throws StationPageError a token that is too short, a port that is taken
 */
export async function openStationPage(source: PageSource, { port, host, people }: StationPageOptions): Promise<StationPage> {
  checkPeople(people);
  const loggerInstance: FastifyBaseLogger = source.core.log;
  const app = fastify({
    loggerInstance,
    logController: new LogController({ disableRequestLogging: true }),
    forceCloseConnections: true,
    bodyLimit: 4_096,
  });
  validateByTypebox(app);
  guardHost(app, host);
  serveFiles(app);
  const feed = serveView(app, source, people.length > 0);
  serveActs(app, source, people);
  try {
    const url = await app.listen({ port, host });
    return {
      url,
      close: async () => {
        feed.close();
        await app.close();
      },
    };
  } catch (cause) {
    await app.close();
    throw new StationPageError(
      `the station's page cannot listen on ${host}:${port} (${cause instanceof Error ? cause.message : String(cause)})`,
      { cause },
    );
  }
}
