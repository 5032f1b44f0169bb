import { WS_CLOSE } from '@corridor/protocols/http/scene';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import '@fastify/websocket';
import { Type } from 'typebox';
import type { FeedSocket, LiveFeed } from './live-feed.ts';
import type { Tickets } from './tickets.ts';

export const CLIENTS_MAX = 2_000;

export const wsRoutes: FastifyPluginAsyncTypebox<{ feed: LiveFeed; tickets: Tickets }> = async (app, { feed, tickets }) => {
  app.get(
    '/ws',
    {
      websocket: true,
      config: { public: true },
      schema: {
        tags: ['scene'],
        summary: 'Snapshot of the scene, then diffs',
        querystring: Type.Object({ ticket: Type.String({ maxLength: 100 }) }),
      },
    },
    (socket, request) => {
      const admission = tickets.redeem(request.query.ticket);
      if (!admission) {
        socket.close(WS_CLOSE.notAdmitted, 'the ticket does not count, or no longer');
        return;
      }
      if (feed.clients >= CLIENTS_MAX) {
        socket.close(WS_CLOSE.tooMany, 'too many watch already');
        return;
      }
      const client: FeedSocket = {
        get bufferedAmount() {
          return socket.bufferedAmount;
        },
        send: (text) => socket.send(text),
        close: (code, reason) => socket.close(code, reason),
      };
      socket.on('error', (cause) => request.log.debug({ err: cause }, 'a WebSocket broke'));
      socket.on('close', () => feed.leave(client));
      feed.join(client, admission);
    },
  );
};
