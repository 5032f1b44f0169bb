import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WS_CLOSE, type WsMessage } from '@corridor/protocols/http/scene';
import { effect } from '@preact/signals';
import { afterEach, expect, it, vi } from 'vitest';
import { WebSocketServer } from 'ws';
import { FIXTURE_START_MS, sceneAt } from '../../test/fixture-scene.ts';
import { ApiError } from './api-client.ts';
import { type ConnectionState, LiveFeed, parseMessage } from './live-feed.ts';

const snapshot = JSON.stringify({ type: 'snapshot', seq: 1, scene: sceneAt(FIXTURE_START_MS, 10) });
const closers: (() => void | Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

/** A real server that greets every socket with a snapshot. */
async function startServer(): Promise<{ url: string; sockets: WebSocketServer }> {
  const server = createServer();
  const sockets = new WebSocketServer({ server });
  sockets.on('connection', (socket) => socket.send(snapshot));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(() => {
    for (const socket of sockets.clients) socket.terminate();
    server.close();
  });
  return { url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}`, sockets };
}

function startFeed(
  url: string,
  ticket: () => Promise<string> = () => Promise.resolve('t'),
): { feed: LiveFeed; messages: WsMessage[]; signedOut: () => number } {
  const messages: WsMessage[] = [];
  let signedOut = 0;
  const feed = new LiveFeed({
    ticket,
    urlOf: () => url,
    onMessage: (message) => messages.push(message),
    onSignedOut: () => {
      signedOut++;
      return true;
    },
    random: () => 0,
  });
  closers.push(() => feed.close());
  return { feed, messages, signedOut: () => signedOut };
}

function reached(feed: LiveFeed, state: ConnectionState): Promise<void> {
  return new Promise((resolve) => {
    const stop = effect(() => {
      if (feed.state.value !== state) return;
      queueMicrotask(() => stop());
      resolve();
    });
  });
}

it('is live after the snapshot, offline when the line is cut, and live again by itself', async () => {
  const { url, sockets } = await startServer();
  const { feed, messages } = startFeed(url);
  await reached(feed, 'live');
  expect(messages).toHaveLength(1);
  for (const socket of sockets.clients) socket.terminate();
  await reached(feed, 'offline');
  await reached(feed, 'live');
  expect(messages.map(({ type }) => type)).toEqual(['snapshot', 'snapshot']);
});

it('keeps trying while no ticket is to be had', async () => {
  const { url } = await startServer();
  let refusals = 2;
  const { feed } = startFeed(url, () => (refusals-- > 0 ? Promise.reject(new ApiError(503, null, 'busy')) : Promise.resolve('t')));
  await reached(feed, 'live');
  expect(refusals).toBe(-1);
});

it('asks to sign in again when the token is no longer good, and stops there', async () => {
  const { url } = await startServer();
  const { feed, signedOut } = startFeed(url, () => Promise.reject(new ApiError(401, 'TOKEN_EXPIRED', 'expired')));
  await reached(feed, 'signed-out');
  expect(signedOut()).toBe(1);
});

it('goes on at once with the next token when the twin ends the stream of the last one, without a moment of being offline', async () => {
  const { url, sockets } = await startServer();
  const tickets: string[] = [];
  const { feed, messages } = startFeed(url, () => {
    tickets.push(`t${tickets.length}`);
    return Promise.resolve('t');
  });
  await reached(feed, 'live');
  const states: ConnectionState[] = [];
  const stop = effect(() => void states.push(feed.state.value));
  closers.push(stop);
  for (const socket of sockets.clients) socket.close(WS_CLOSE.tokenEnded, 'the token has ended');
  await vi.waitFor(() => expect(states).toEqual(['live', 'connecting', 'live']));
  expect([messages.length, tickets.length]).toEqual([2, 2]);
});

it('asks to sign in again when the stream has ended and there is no other token', async () => {
  const { url, sockets } = await startServer();
  let isEnded = false;
  const { feed, signedOut } = startFeed(url, () =>
    isEnded ? Promise.reject(new ApiError(401, 'TOKEN_INVALID', 'ended')) : Promise.resolve('t'),
  );
  await reached(feed, 'live');
  isEnded = true;
  for (const socket of sockets.clients) socket.close(WS_CLOSE.tokenEnded, 'the token has ended');
  await reached(feed, 'signed-out');
  expect(signedOut()).toBe(1);
});

it('does not ask in a loop of a twin that ends every stream at once', async () => {
  const server = await startServer();
  const { feed } = startFeed(server.url);
  await reached(feed, 'live');
  server.sockets.removeAllListeners('connection');
  server.sockets.on('connection', (socket) => socket.close(WS_CLOSE.tokenEnded, 'the token has ended'));
  for (const socket of server.sockets.clients) socket.close(WS_CLOSE.tokenEnded, 'the token has ended');
  await reached(feed, 'offline');
});

it('leaves a server whose messages it does not understand', async () => {
  const { url, sockets } = await startServer();
  const { feed, messages } = startFeed(url);
  await reached(feed, 'live');
  for (const socket of sockets.clients) socket.send('{"type":"poem"}');
  await reached(feed, 'offline');
  expect(messages).toHaveLength(1);
});

it('tells the three messages from everything else', () => {
  expect(parseMessage(snapshot)?.type).toBe('snapshot');
  expect(parseMessage('{"type":"diff","seq":2,"scopeAt":"x","factor":1,"upsert":{},"remove":{}}')?.type).toBe('diff');
  expect(parseMessage('{"type":"rest","seq":1,"left":0,"slots":[],"packs":[]}')?.type).toBe('rest');
  for (const bad of [
    '{"type":"rest","left":0,"slots":[]}',
    '{"type":"rest","slots":[],"packs":[]}',
    '',
    'null',
    '[]',
    '{"type":"snapshot","scene":{}}',
    '{"type":"diff"}',
    '{"type":"snapshot"}',
  ])
    expect(parseMessage(bad)).toBeNull();
});
