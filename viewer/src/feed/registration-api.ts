import type { ApiClient } from './api-client.ts';
import type { Registration } from './driver-api.ts';
import { type PageOf, queryOf } from './money-api.ts';

/** What takes part, in the order in which it is offered. */
export const REGISTERED_KINDS = ['PRINCIPAL', 'STATION', 'PACK', 'TRUCK', 'DRIVER'] as const;
export type RegisteredKind = (typeof REGISTERED_KINDS)[number];
export const REGISTRATION_STATES = ['APPLIED', 'CERTIFIED', 'ACTIVE', 'SUSPENDED', 'REJECTED', 'DEREGISTERED'] as const;
export type RegistrationVerb = 'certify' | 'reject' | 'activate' | 'suspend' | 'resume' | 'deregister';

/** A registration with what was applied for. */
export interface PartyRegistration extends Registration {
  kind: RegisteredKind;
  principalId: string;
  definition: Record<string, unknown>;
  appliedBy: string;
}

export const OFFERED_KINDS = ['PACK', 'TRUCK', 'STATION'] as const;
export type OfferedKind = (typeof OFFERED_KINDS)[number];
/** A thing that is to change hands. */
export interface OwnershipOffer {
  id: string;
  kind: OfferedKind;
  assetId: string;
  fromPrincipalId: string;
  toPrincipalId: string;
  state: 'OPEN' | 'ACCEPTED' | 'WITHDRAWN';
  offeredBy: string;
  offeredAt: string;
  endedAt: string | null;
}

/** An application as the twin takes it. */
export interface PartyApplication {
  kind: RegisteredKind;
  definition: Record<string, unknown>;
  identity?: Record<string, string>;
}

const pathOf = (kind: RegisteredKind, id: string): string => `/api/v1/registrations/${kind}/${encodeURIComponent(id)}`;

/** The twin's routes of who and what takes part. */
export class RegistrationApi {
  private readonly api: ApiClient;

  constructor(api: ApiClient) {
    this.api = api;
  }

  list(filter: { kind: string; state: string }, cursor: string | null): Promise<PageOf<PartyRegistration>> {
    return this.api.request('GET', `/api/v1/registrations?${queryOf(filter, cursor)}`);
  }

  apply(application: PartyApplication): Promise<PartyRegistration> {
    return this.api.request('POST', '/api/v1/registrations', application);
  }

  /** @param body with the reason, where the act needs one */
  act(kind: RegisteredKind, id: string, verb: RegistrationVerb, body?: object): Promise<PartyRegistration> {
    return this.api.request('POST', `${pathOf(kind, id)}/${verb}`, body);
  }

  /** Identity data in the clear; that it was read is written down. */
  async identity(kind: RegisteredKind, id: string): Promise<Record<string, string>> {
    const { identity } = await this.api.request<{ identity: Record<string, string> }>('GET', `${pathOf(kind, id)}/identity`);
    return identity;
  }

  offers(cursor: string | null): Promise<PageOf<OwnershipOffer>> {
    return this.api.request('GET', `/api/v1/ownership-offers?${queryOf({}, cursor)}`);
  }

  offer(offer: { kind: OfferedKind; id: string; toPrincipalId: string }): Promise<OwnershipOffer> {
    return this.api.request('POST', '/api/v1/ownership-offers', offer);
  }

  endOffer(id: string, verb: 'accept' | 'withdraw'): Promise<OwnershipOffer> {
    return this.api.request('POST', `/api/v1/ownership-offers/${encodeURIComponent(id)}/${verb}`);
  }
}
