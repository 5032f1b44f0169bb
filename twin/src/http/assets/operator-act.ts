import type { Intent } from '@corridor/actors/network/input';
import { TOKEN_PATTERN } from '@corridor/protocols/ids';
import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import type { Database } from '../../db/db.ts';
import type { LiveScene } from '../../projection/live-scene.ts';
import { Turns } from '../../turns/turns.ts';
import type { IntentAnswer } from '../../writer/intent-answer.ts';
import type { Writer } from '../../writer/writer.ts';
import { callerOf } from '../caller.ts';
import { answered } from '../intent-answer.ts';
import { ReasonText } from '../reason-text.ts';
import { wasDone } from './operator-acts.queries.ts';

export const closed = { additionalProperties: false } as const;
/** What every act of a person on a thing is asked with. */
export const asked = {
  key: Type.String({ pattern: TOKEN_PATTERN, description: 'of the request, made up by the caller: the same key again does nothing' }),
  note: ReasonText('why, for the audit log'),
};
export const ActBody = Type.Object(asked, closed);

export interface ActOptions {
  database: Database;
  platformId: string;
  scene: LiveScene;
  writer: Writer;
}

/**
 * Asks the network for an act of the caller, once for a key. Whether it is possible now is for the network to say, which takes one act after
 * the other.
 * @returns null when it was done before   @throws ProblemError with the code of the refusal
 */
export function actOnce({ database, platformId, writer }: Pick<ActOptions, 'database' | 'platformId' | 'writer'>) {
  const turns = new Turns();
  return async (request: FastifyRequest, key: string, intent: Intent): Promise<IntentAnswer | null> => {
    const { userId } = callerOf(request);
    return turns.run(`${userId} ${key}`, async () => {
      if (await wasDone(database.pool, { platformId, userId, key, intent })) return null;
      return answered(await writer.ask(intent, userId, key));
    });
  };
}
