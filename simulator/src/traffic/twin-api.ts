/** The twin's HTTP API as a service uses it. */

export class TwinApiError extends Error {
  readonly code = 'TWIN_API';
  /** HTTP status; null when the twin was not reached. */
  readonly status: number | null;
  /** Stable code of the problem document. */
  readonly problemCode: string | null;

  constructor(message: string, { status, problemCode, cause }: { status: number | null; problemCode: string | null; cause?: unknown }) {
    super(message, { cause });
    this.status = status;
    this.problemCode = problemCode;
  }
}

const REQUEST_TIMEOUT_MS = 10_000;
const RETRY_FIRST_MS = 250;
const RETRY_MS_MAX = 5_000;

export type TwinApi = {
  get(path: string): Promise<unknown>;
  post(path: string, body: unknown): Promise<unknown>;
};

/**
 * @param baseUrl without a slash at its end
 * @param token asked for at every call
 */
export function twinApi(baseUrl: string, token: () => string): TwinApi {
  const call = async (method: 'GET' | 'POST', path: string, body?: unknown): Promise<unknown> => {
    const headers: Record<string, string> = { authorization: `Bearer ${token()}`, accept: 'application/json' };
    if (body !== undefined) headers['content-type'] = 'application/json';
    let response: Response;
    try {
      const init = { method, headers, signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS) };
      response = await fetch(`${baseUrl}${path}`, body === undefined ? init : { ...init, body: JSON.stringify(body) });
    } catch (cause) {
      throw new TwinApiError(`${method} ${path}: twin not reached at ${baseUrl}`, { status: null, problemCode: null, cause });
    }
    const text = await response.text();
    if (!response.ok) throw problemOf(`${method} ${path}`, response.status, text);
    return text === '' ? null : (JSON.parse(text) as unknown);
  };
  return { get: (path) => call('GET', path), post: (path, body) => call('POST', path, body) };
}

function problemOf(what: string, status: number, text: string): TwinApiError {
  let problem: { code?: unknown; detail?: unknown; title?: unknown } = {};
  try {
    problem = JSON.parse(text) as typeof problem;
  } catch {
    // A proxy's page, not ours: the status says enough.
    problem = {};
  }
  const code = typeof problem.code === 'string' ? problem.code : null;
  const detail = [problem.detail, problem.title].find((part) => typeof part === 'string') ?? '';
  return new TwinApiError(`${what}: ${status}${code ? ` ${code}` : ''} ${detail}`.trim(), { status, problemCode: code });
}

/** Tries again while the twin is not there, or not ready yet, until `signal` ends it. */
export async function whenReachable<T>(call: () => Promise<T>, signal: AbortSignal, onWaiting: (cause: TwinApiError) => void): Promise<T> {
  for (let waitMs = RETRY_FIRST_MS; ; waitMs = Math.min(RETRY_MS_MAX, waitMs * 2)) {
    try {
      return await call();
    } catch (cause) {
      const temporary = cause instanceof TwinApiError && (cause.status === null || cause.status === 429 || cause.status >= 500);
      if (!temporary || signal.aborted) throw cause;
      onWaiting(cause);
      await pause(waitMs, signal);
    }
  }
}

/** Wall time; ends early when the signal comes. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, ms);
  const wake = () => resolve();
  signal.addEventListener('abort', wake, { once: true });
  await promise;
  clearTimeout(timer);
  signal.removeEventListener('abort', wake);
}
