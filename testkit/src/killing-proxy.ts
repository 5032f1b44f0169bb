import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What passed: the request, and the answer when it has come already. */
export interface Passing {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  /** null: it was not passed on yet. */
  readonly answer: string | null;
}

/** Stands between a program and a server, and kills the program at a message that it waits for: the one never knows what became of it. */
export interface KillingProxy {
  readonly url: string;
  /** Requests that the server took, `POST /path`. */
  readonly passed: readonly string[];
  /**
   * @param matches the message at which the program is killed, once; nothing more of it passes
   * @param kill resolves when the program is gone
   */
  killAt(matches: (passing: Passing) => boolean, kill: () => Promise<void>): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

export async function startKillingProxy(target: string): Promise<KillingProxy> {
  const passed: string[] = [];
  let trap: { matches: (passing: Passing) => boolean; spring: () => Promise<void> } | null = null;
  /** @returns whether it was killed at this */
  const killed = async (passing: Passing): Promise<boolean> => {
    if (trap?.matches(passing) !== true) return false;
    const { spring } = trap;
    trap = null;
    await spring();
    return true;
  };
  const server = createServer((request, response) => {
    const pass = async (): Promise<void> => {
      const { method = 'GET', url: path = '/' } = request;
      const body = await bodyOf(request);
      if (await killed({ method, path, answer: null })) return void response.destroy();
      const headers = Object.entries(request.headers).flatMap(([name, value]): [string, string][] =>
        typeof value === 'string' && !HOP_BY_HOP.includes(name) ? [[name, value]] : [],
      );
      const answer = await fetch(`${target}${path}`, { method, headers, ...(body === '' ? {} : { body }) });
      const text = await answer.text();
      passed.push(`${method} ${path}`);
      if (await killed({ method, path, answer: text })) return void response.destroy();
      response.writeHead(answer.status, Object.fromEntries([...answer.headers].filter(([name]) => !HOP_BY_HOP.includes(name))));
      response.end(text);
    };
    // Who asked is gone, or the server is: there is nobody to tell.
    pass().catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    passed,
    killAt: (matches, kill) =>
      new Promise((resolve, reject) => {
        trap = { matches, spring: () => kill().then(resolve, reject) };
      }),
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

const HOP_BY_HOP: readonly string[] = ['connection', 'host', 'content-length', 'transfer-encoding', 'content-encoding', 'keep-alive'];

async function bodyOf(request: IncomingMessage): Promise<string> {
  request.setEncoding('utf8');
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return text;
}
