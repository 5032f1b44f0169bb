import type { Recommendations } from '@corridor/protocols/http/recommendation';
import type { OwnApplication } from '../store/own-application.ts';
import { type ApiClient, ApiError } from './api-client.ts';
import type { PageOf } from './money-api.ts';

/** A driver as he is registered. */
export interface Driver {
  id: string;
  name: string;
  carrierId: string;
  truckIds: string[];
  /** Day, included. */
  certifiedUntil: string;
}

/** Where an application stands; identity data is masked. */
export interface Registration {
  kind: string;
  id: string;
  state: string;
  identity: Record<string, string> | null;
  reason: string | null;
  appliedAt: string;
  changedAt: string;
}

const OWN_PATH = '/api/v1/registrations/own';

/** The twin's routes that the driver's page alone uses. */
export class DriverApi {
  private readonly api: ApiClient;

  constructor(api: ApiClient) {
    this.api = api;
  }

  recommendations(truckId: string): Promise<Recommendations> {
    return this.api.request('GET', `/api/v1/recommendations?truckId=${encodeURIComponent(truckId)}`);
  }

  /** How far the caller's own registration is; null: he never applied, and nobody did for him. */
  async ownRegistration(): Promise<Registration | null> {
    try {
      return await this.api.request('GET', OWN_PATH);
    } catch (error) {
      if (error instanceof ApiError && error.status === 404) return null;
      throw error;
    }
  }

  /** Applies with the real name. @throws ApiError of the twin's refusal */
  register(application: OwnApplication): Promise<Registration> {
    return this.api.request('POST', OWN_PATH, application);
  }

  /** Who is signed in, and how his registration stands; null: nothing is known of one. */
  async papers(): Promise<{ driver: Driver | null; registration: Registration | null }> {
    const [drivers, registrations] = await Promise.all([
      this.api.request<PageOf<Driver>>('GET', '/api/v1/drivers'),
      this.api.request<PageOf<Registration>>('GET', '/api/v1/registrations?kind=DRIVER'),
    ]);
    return { driver: drivers.items[0] ?? null, registration: registrations.items[0] ?? null };
  }
}
