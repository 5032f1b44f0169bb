import type { FastifyPluginAsync } from 'fastify';
import { alarmActsRoutes } from './alarms/alarm-acts.routes.ts';
import { alarmFiguresRoutes } from './alarms/alarm-figures.routes.ts';
import { alarmsRoutes } from './alarms/alarms.routes.ts';
import { type ActOptions } from './assets/operator-act.ts';
import { notificationsRoutes } from './notifications/notifications.routes.ts';
import { type QueuesRoutesOptions, queuesRoutes } from './queues/queues.routes.ts';

/** What has to be done in the corridor now: alarms, queues, and what people write to each other. */
export const operationsRoutes: FastifyPluginAsync<ActOptions & Pick<QueuesRoutesOptions, 'queueingSinceMs' | 'past'>> = async (
  app,
  options,
) => {
  const { scene, queueingSinceMs, past, ...shared } = options;
  await app.register(queuesRoutes, { live: scene.live, queueingSinceMs, past });
  await app.register(notificationsRoutes, { ...shared, scene });
  await app.register(alarmsRoutes, { ...shared, scene });
  await app.register(alarmFiguresRoutes, { ...shared, scene });
  await app.register(alarmActsRoutes, { ...shared, scene });
};
