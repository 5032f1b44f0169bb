import { type Signal, signal } from '@preact/signals';
import type { AgreementKind } from './agreement-api.ts';
import { type ApiClient, ApiError } from './api-client.ts';

/** A draft or an offer of somebody else that waits for whoever is signed in. */
export interface Waiting {
  kind: AgreementKind | 'withdrawals' | 'receivers' | 'ownership-offers';
  /** Of the draft; of a receiver: the principal. */
  id: string;
  /** Whom or what it is about. */
  subjectId: string;
  /** First local day, of agreements; null: from its approval. */
  beginsOn: string | null;
  /** Of payments. */
  amountFen: string | null;
  /** Of offers of ownership: what changes hands, and whose it is. */
  offered: { kind: 'STATION' | 'PACK' | 'TRUCK'; fromPrincipalId: string } | null;
  draftedBy: string | null;
  draftedAt: string;
}

const REFRESH_MS = 15_000;

/** What waits for one's approval: asked for again after each act, and every so often, because others draft meanwhile. */
export class ApprovalFeed {
  readonly waiting: Signal<readonly Waiting[]> = signal([]);
  private readonly api: ApiClient;
  private timer: ReturnType<typeof setInterval> | null = null;
  /** Of the last question; an answer to an older one is dropped. */
  private asked = 0;

  constructor(api: ApiClient) {
    this.api = api;
  }

  /** @returns what ends it */
  start(): () => void {
    this.timer = setInterval(() => this.refresh(), REFRESH_MS);
    this.refresh();
    return () => {
      if (this.timer !== null) clearInterval(this.timer);
      this.timer = null;
      this.asked++;
      this.waiting.value = [];
    };
  }

  /** Asks now; nothing while nobody is signed in who approves anything. */
  refresh(): void {
    if (this.timer !== null) void this.ask(++this.asked);
  }

  private async ask(asked: number): Promise<void> {
    try {
      const { items } = await this.api.request<{ items: Waiting[] }>('GET', '/api/v1/approvals');
      if (asked === this.asked) this.waiting.value = items;
    } catch (error) {
      // What was told last stays until the twin answers again; a lost session was dealt with by the client.
      if (!(error instanceof ApiError)) throw error;
    }
  }
}
