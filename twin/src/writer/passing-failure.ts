import pg from 'pg';
import { CommitUnknownError } from '../db/db.ts';
import { StatementFailedError } from '../db/one-trip.ts';
import { StoreFailedError } from './store-failed.ts';

const LOST = ['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EHOSTUNREACH', 'ERR_STREAM_PREMATURE_CLOSE'];
/** Too many connections, serialisation, deadlock, disk full: another attempt may succeed. */
const PASSING_CODES = ['53300', '40001', '40P01', '53100'];

/** Connection lost, server going down or coming up, and the like: after asking what is stored, another attempt may succeed. */
export function mayPass(cause: unknown): boolean {
  if (cause instanceof StoreFailedError) return false;
  if (cause instanceof CommitUnknownError) return true;
  if (cause instanceof StatementFailedError) return mayPass(cause.cause);
  if (!(cause instanceof pg.DatabaseError)) return isConnectionLoss(cause);
  const code = cause.code ?? '';
  return code.startsWith('57P') || code.startsWith('08') || PASSING_CODES.includes(code);
}

function isConnectionLoss(cause: unknown): boolean {
  if (!(cause instanceof Error)) return false;
  if ('code' in cause && typeof cause.code === 'string' && LOST.includes(cause.code)) return true;
  // The driver has no codes for these.
  return /^Connection terminated|timeout exceeded when trying to connect|connection error and is not queryable/i.test(cause.message);
}
