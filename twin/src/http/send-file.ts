import type { ReadStream } from 'node:fs';
import type { FastifyReply } from 'fastify';

export interface SendLimits {
  /** A client that takes nothing for so long is left [wall ms]. */
  readonly stalledMsMax: number;
  /** One that takes longer in all, however steadily, too [wall ms]. */
  readonly sendMsMax: number;
}

export const SEND_LIMITS: SendLimits = { stalledMsMax: 30_000, sendMsMax: 30 * 60_000 };

/** Sends a file to a client that need not read it: whatever becomes of it, the file is closed in a time that the client does not choose. */
export function sendFile(reply: FastifyReply, file: ReadStream, { stalledMsMax, sendMsMax }: SendLimits = SEND_LIMITS): FastifyReply {
  const leave = () => void reply.raw.destroy();
  // Counted anew with everything that the client takes; the next request on the connection has the server's own.
  reply.raw.setTimeout(stalledMsMax, leave);
  const overdue = setTimeout(leave, sendMsMax);
  file.once('close', () => clearTimeout(overdue));
  return reply.send(file);
}
