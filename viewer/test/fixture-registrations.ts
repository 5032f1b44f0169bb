import type { OwnershipOffer, PartyApplication, PartyRegistration } from '../src/feed/registration-api.ts';

interface Answer {
  status: number;
  body: unknown;
}
interface Asked {
  method: string;
  path: string;
  query: URLSearchParams;
  body: string;
  userId: string;
  principalId: string;
}
const ROOT = '/api/v1/registrations';
const AFTER: Readonly<Record<string, string>> = {
  certify: 'CERTIFIED',
  reject: 'REJECTED',
  activate: 'ACTIVE',
  suspend: 'SUSPENDED',
  resume: 'ACTIVE',
  deregister: 'DEREGISTERED',
};
const problem = (status: number, code: string): Answer => ({ status, body: { type: 'about:blank', title: code, status, code } });

/** Who and what takes part at the fixture: one in each state, and a driver who has yet to apply. */
export class FixtureRegistrations {
  /** What was asked to be done, in order. */
  readonly acts: { path: string; body: unknown }[] = [];
  readonly #all: PartyRegistration[];
  #own: PartyRegistration | null = null;
  readonly #offers: OwnershipOffer[];
  readonly #at: string;

  constructor(startMs: number) {
    this.#at = new Date(startMs).toISOString();
    const base = { reason: null, identity: null, appliedAt: new Date(startMs - 90 * 86_400_000).toISOString(), changedAt: this.#at };
    const person = { realName: '王**', idNumber: '130983********1234' };
    this.#all = [
      {
        ...base,
        kind: 'DRIVER',
        id: 'D001',
        state: 'ACTIVE',
        principalId: 'C1',
        identity: person,
        appliedBy: 'c1',
        definition: { id: 'D001', name: '王**', carrierId: 'C1', truckIds: ['T001'], certifiedUntil: '2027-08-31' },
      },
      {
        ...base,
        kind: 'DRIVER',
        id: 'D017',
        state: 'REJECTED',
        reason: 'ID_NUMBER_INVALID',
        principalId: 'C1',
        identity: { realName: '李*', idNumber: '110*************21' },
        appliedBy: 'c1',
        definition: { id: 'D017', name: '李*', carrierId: 'C1', truckIds: [], certifiedUntil: '2027-08-31' },
      },
      {
        ...base,
        kind: 'PACK',
        id: 'LFP350-0900',
        state: 'APPLIED',
        principalId: 'BO1',
        appliedBy: 'bo1',
        definition: {
          id: 'LFP350-0900',
          typeCode: 'LFP350',
          ownerId: 'BO1',
          initial: { kind: 'SLOT', id: 'BD1-3' },
          initialSocPercent: 55,
          initialSohPercent: 100,
        },
      },
      {
        ...base,
        kind: 'TRUCK',
        id: 'T900',
        state: 'CERTIFIED',
        principalId: 'C1',
        identity: { ownerName: '某**', vehicleLicenceNo: '130*******01' },
        appliedBy: 'c1',
        definition: { id: 'T900', plate: '<script>alert(1)</script>', carrierId: 'C1', vin: 'LCT4X2BEV26000900', tareMassKg: 15_100 },
      },
    ];
    const offer = { offeredAt: this.#at, endedAt: null } as const;
    this.#offers = [
      {
        ...offer,
        id: 'O-1',
        kind: 'PACK',
        assetId: 'LFP350-0003',
        fromPrincipalId: 'BO1',
        toPrincipalId: 'SO1',
        state: 'OPEN',
        offeredBy: 'bo1',
      },
      {
        ...offer,
        id: 'O-2',
        kind: 'TRUCK',
        assetId: 'T012',
        fromPrincipalId: 'C1',
        toPrincipalId: 'BO1',
        state: 'WITHDRAWN',
        offeredBy: 'c1',
      },
    ];
  }

  /** As if the platform had looked at the driver's own application. */
  setOwn(state: string, reason: string | null = null): void {
    if (this.#own !== null) this.#own = { ...this.#own, state, reason };
  }

  forgetOwn(): void {
    this.#own = null;
  }

  /** Whether somebody is a driver who takes no part, and is let in nowhere but at his own registration. */
  isOutside(userId: string, path: string): boolean {
    return userId === 'd2' && path !== `${ROOT}/own` && this.#own?.state !== 'ACTIVE';
  }

  /** null: not a route of registrations. */
  answer(asked: Asked): Answer | null {
    if (asked.path === `${ROOT}/own`) return this.#answerOwn(asked);
    if (asked.path.startsWith('/api/v1/ownership-offers')) return this.#answerOffer(asked);
    if (!asked.path.startsWith(ROOT)) return null;
    const { method, path, query, body, principalId } = asked;
    const seen = principalId === 'PF' ? this.#all : this.#all.filter((each) => each.principalId === principalId);
    if (method === 'GET' && path === ROOT) {
      const fits = (each: PartyRegistration): boolean =>
        [query.get('kind') ?? each.kind, ''].includes(each.kind) && (query.get('state') ?? each.state) === each.state;
      return { status: 200, body: { items: seen.filter(fits), nextCursor: null } };
    }
    const told: unknown = body === '' ? undefined : JSON.parse(body);
    if (method === 'POST') this.acts.push({ path, body: told });
    if (path === ROOT) return this.#apply(told as PartyApplication, principalId);
    const [kind = '', id = '', verb = ''] = path.slice(ROOT.length + 1).split('/');
    const found = seen.find((each) => each.kind === kind && each.id === decodeURIComponent(id));
    if (found === undefined) return problem(404, 'NOT_FOUND');
    if (verb === 'identity') return { status: 200, body: { identity: { realName: '王建国', idNumber: '130983199001011234' } } };
    if (verb === 'deregister' && found.id === 'D001') return problem(409, 'ORDER_OPEN');
    Object.assign(found, { state: AFTER[verb] ?? found.state, reason: (told as { reason?: string } | undefined)?.reason ?? null });
    return { status: 200, body: found };
  }

  #apply({ kind, definition, identity }: PartyApplication, principalId: string): Answer {
    const id = String(definition['id']);
    const before = this.#all.findIndex((each) => each.kind === kind && each.id === id);
    const shown = identity === undefined ? null : Object.fromEntries(Object.keys(identity).map((field) => [field, '***']));
    const at = { appliedAt: this.#at, changedAt: this.#at };
    const made = { kind, id, state: 'APPLIED', principalId, identity: shown, definition, reason: null, appliedBy: 'c1', ...at };
    this.#all.splice(before < 0 ? 0 : before, before < 0 ? 0 : 1, made);
    return { status: 201, body: made };
  }

  #answerOwn({ method, body }: Asked): Answer {
    if (method === 'GET') return this.#own === null ? problem(404, 'NOT_FOUND') : { status: 200, body: this.#own };
    const told = JSON.parse(body) as { plates: string[]; identity: Record<string, string> };
    this.acts.push({ path: `${ROOT}/own`, body: told });
    if (told.plates.includes('冀X00000D')) return problem(422, 'PLATE_UNKNOWN');
    this.#own = {
      kind: 'DRIVER',
      id: 'D-NEW',
      state: 'APPLIED',
      principalId: 'C1',
      reason: null,
      identity: { realName: '孙*', idNumber: '110*************2X' },
      definition: {},
      appliedBy: 'd2',
      appliedAt: this.#at,
      changedAt: this.#at,
    };
    return { status: 201, body: this.#own };
  }

  #answerOffer({ method, path, body, principalId }: Asked): Answer {
    if (method === 'GET') {
      const own = (each: OwnershipOffer): boolean =>
        principalId === 'PF' || [each.fromPrincipalId, each.toPrincipalId].includes(principalId);
      return { status: 200, body: { items: this.#offers.filter(own), nextCursor: null } };
    }
    this.acts.push({ path, body: body === '' ? undefined : (JSON.parse(body) as unknown) });
    const verb = path.split('/').at(-1);
    if (verb === 'ownership-offers') return problem(409, 'OFFER_EXISTS');
    const found = this.#offers.find(({ id }) => path.includes(`/${id}/`));
    if (found === undefined) return problem(404, 'NOT_FOUND');
    found.state = verb === 'accept' ? 'ACCEPTED' : 'WITHDRAWN';
    return { status: 200, body: found };
  }
}
