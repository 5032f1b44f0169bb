import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import type { PaymentSide } from '../../rail/payment-side.ts';
import { ProblemError } from '../problem.ts';
import { asProblem } from './payment-problem.ts';

/** Where the payment rail says what happened. It has no token: its signature over the bytes that came is what counts. */
export const paymentCallbacksRoutes: FastifyPluginAsyncTypebox<{ payments: PaymentSide | null }> = async (app, { payments }) => {
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, body, done) => done(null, body));
  app.post(
    '/payments/callbacks/:channel',
    {
      config: { public: true },
      schema: {
        tags: ['money'],
        security: [],
        summary: "The payment rail's notification, signed and encrypted; answered when what it told is written",
        params: Type.Object({ channel: Type.String({ maxLength: 40 }) }),
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => {
      const { channel } = request.params;
      if (payments === null || payments.channel !== channel)
        throw new ProblemError(404, 'CHANNEL_UNKNOWN', `no payment rail ${channel} is configured`);
      const body = typeof request.body === 'string' ? request.body : '';
      try {
        await asProblem(payments.callbacks.take({ headers: request.headers, body }));
      } catch (cause) {
        if (cause instanceof ProblemError && cause.status < 500)
          request.log.warn({ code: cause.code, detail: cause.message }, 'a callback of the payment rail was refused');
        throw cause;
      }
      return reply.code(204).send(null);
    },
  );
};
