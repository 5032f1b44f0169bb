import type { Problem } from '@corridor/protocols/http/problem';
import type { Bill, Geometry, OrderSummary } from '@corridor/protocols/http/scene';
import type { ClaimNames } from './person.ts';

/** An answer of the twin that is not a success; `code` is constant, `problemCode` the twin's own. */
export class ApiError extends Error {
  readonly code = 'API_ERROR';
  readonly status: number;
  readonly problemCode: string | null;

  constructor(status: number, problemCode: string | null, detail: string, options?: ErrorOptions) {
    super(detail, options);
    this.status = status;
    this.problemCode = problemCode;
  }

  /** The token is missing, expired or revoked: sign in again. */
  get signedOut(): boolean {
    return this.status === 401 && !this.notRegistered;
  }

  /** The token counts, and its driver takes no part yet, or not any more. */
  get notRegistered(): boolean {
    return this.problemCode === 'DRIVER_NOT_REGISTERED';
  }
}

export interface DemoUser {
  id: string;
  name: string;
  nameZh?: string;
  role: string;
  principalId: string | null;
}
/** How one signs in here. `oidc`: at the organisation's provider. */
export interface AuthConfig {
  issuer: 'embedded' | 'oidc';
  demoUsers?: DemoUser[];
  /** OpenID provider, when it is not the embedded one: its address, and what its tokens are for. */
  oidcIssuer?: string;
  audience?: string;
  /** Client registered there for this page; the audience when not told apart. */
  clientId?: string;
  /** Where tokens tell who somebody is. */
  claims: ClaimNames;
}

/** Chart of a machine as the twin serves it; parts may be missing and are then not shown. */
export interface MachineChart {
  machine: string;
  mermaid?: string;
  states?: unknown;
  transitions?: unknown;
  /** States whose regions run side by side. */
  parallel?: unknown;
}

const TIMEOUT_MS = 15_000;

/** The twin's HTTP API as this page uses it. */
export class ApiClient {
  private readonly base: string;
  private readonly tokenOf: () => string | null;
  private readonly renew: (refused: string | null) => Promise<boolean>;
  private readonly onRefused: (refused: string | null) => void;
  private readonly onNotRegistered: () => void;

  constructor(options: {
    base: string;
    tokenOf: () => string | null;
    /** Asked when a token is refused: whether there is a newer one, with which the request is sent once more. */
    renew: (refused: string | null) => Promise<boolean>;
    /** A token was refused, and there was no newer one. */
    onRefused: (refused: string | null) => void;
    onNotRegistered: () => void;
  }) {
    this.base = options.base;
    this.tokenOf = options.tokenOf;
    this.renew = options.renew;
    this.onRefused = options.onRefused;
    this.onNotRegistered = options.onNotRegistered;
  }

  authConfig(): Promise<AuthConfig> {
    return this.request<AuthConfig>('GET', '/api/v1/auth/config');
  }

  demoToken(userId: string): Promise<{ token: string }> {
    return this.request<{ token: string }>('POST', '/api/v1/auth/demo-token', { userId });
  }

  geometry(): Promise<Geometry> {
    return this.request<Geometry>('GET', '/api/v1/geometry');
  }

  ticket(): Promise<{ ticket: string }> {
    return this.request<{ ticket: string }>('POST', '/api/v1/tickets', {});
  }

  order(orderId: string): Promise<OrderSummary> {
    return this.request<OrderSummary>('GET', `/api/v1/orders/${encodeURIComponent(orderId)}`);
  }

  /** @param at the bill as it was at an instant of the scene; null: now */
  bill(orderId: string, at: string | null): Promise<Bill> {
    const query = at === null ? '' : `?${new URLSearchParams({ at })}`;
    return this.request<Bill>('GET', `/api/v1/orders/${encodeURIComponent(orderId)}/bill${query}`);
  }

  orderEvents(orderId: string): Promise<unknown> {
    return this.request<unknown>('GET', `/api/v1/orders/${encodeURIComponent(orderId)}/events`);
  }

  chart(machine: string): Promise<MachineChart> {
    return this.request<MachineChart>('GET', `/api/v1/charts/${encodeURIComponent(machine)}`);
  }

  /** State of an actor with what is inside of it. @param atMs scope time; null: now */
  actor(machine: string, actorId: string, atMs: number | null): Promise<{ state: string; since: string | null }> {
    const query = new URLSearchParams({ machine });
    if (atMs !== null) query.set('at', new Date(atMs).toISOString());
    return this.request('GET', `/api/v1/actors/${encodeURIComponent(actorId)}?${query}`);
  }

  /**
   * @param machine kind of the actor, which its id alone does not tell
   * @param untilMs the newest that is told, scope time; null: now
   */
  transitions(machine: string, actorId: string, untilMs: number | null): Promise<unknown> {
    const query = new URLSearchParams({ machine, limit: '20' });
    if (untilMs !== null) query.set('until', new Date(untilMs).toISOString());
    return this.request<unknown>('GET', `/api/v1/actors/${encodeURIComponent(actorId)}/transitions?${query}`);
  }

  principals(): Promise<unknown> {
    return this.request<unknown>('GET', '/api/v1/principals');
  }

  /** @throws ApiError for anything but success */
  async request<T>(method: string, path: string, body?: unknown): Promise<T> {
    const response = await this.send(method, path, 'application/json', body);
    return whole(async () => (await response.json()) as T);
  }

  /** A document as it is. @throws ApiError for anything but success */
  async text(path: string): Promise<string> {
    const response = await this.send('GET', path, '*/*');
    return whole(() => response.text());
  }

  /** For answers without a body too. @throws ApiError for anything but success */
  async send(method: string, path: string, accept: string, body?: unknown): Promise<Response> {
    // Another tab may bring a newer token while an answer is on its way: what is refused is the one that was sent.
    let sent: string | null = null;
    const once = (): Promise<Response> => {
      sent = this.tokenOf();
      return this.sendOnce(method, path, accept, sent, body);
    };
    try {
      return await once().catch(async (error: unknown) => {
        // Refused at the door, it was not done.
        if (error instanceof ApiError && error.signedOut && (await this.renew(sent))) return once();
        throw error;
      });
    } catch (error) {
      if (error instanceof ApiError && error.signedOut) this.onRefused(sent);
      if (error instanceof ApiError && error.notRegistered) this.onNotRegistered();
      throw error;
    }
  }

  private async sendOnce(method: string, path: string, accept: string, token: string | null, body: unknown): Promise<Response> {
    const headers: Record<string, string> = { accept };
    if (token !== null) headers['authorization'] = `Bearer ${token}`;
    if (body !== undefined) headers['content-type'] = 'application/json';
    const init: RequestInit = { method, headers, signal: AbortSignal.timeout(TIMEOUT_MS) };
    if (body !== undefined) init.body = JSON.stringify(body);
    let response: Response;
    try {
      response = await fetch(`${this.base}${path}`, init);
    } catch (cause) {
      throw new ApiError(0, null, 'unreachable', { cause });
    }
    if (response.ok) return response;
    throw await problemOf(response);
  }
}

/** An answer may break off, or its time be over, after it began. @throws ApiError */
async function whole<T>(read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (cause) {
    throw new ApiError(0, null, 'unreachable', { cause });
  }
}

async function problemOf(response: Response): Promise<ApiError> {
  const text = await whole(() => response.text());
  try {
    const problem = JSON.parse(text) as Partial<Problem>;
    return new ApiError(response.status, problem.code ?? null, problem.detail ?? problem.title ?? response.statusText);
  } catch (cause) {
    return new ApiError(response.status, null, response.statusText || `HTTP ${response.status}`, { cause });
  }
}
