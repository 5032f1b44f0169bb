import { PackView, SlotView } from '@corridor/protocols/http/scene';
import { IdText } from '@corridor/protocols/ids';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import type { LiveScene } from '../../projection/live-scene.ts';
import { type Rights, rightsOf } from '../../projection/rights.ts';
import { stationAt } from '../../projection/station-at.ts';
import { callerOf } from '../caller.ts';
import { forbidden, notFound } from '../problem.ts';
import { reasonOf } from '../reason-text.ts';
import { IdParams } from './assets.routes.ts';
import { ActBody, type ActOptions, actOnce, asked, closed } from './operator-act.ts';

const CustodyCorrection = Type.Object(
  {
    ...asked,
    place: Type.Object(
      {
        kind: Type.Enum(['TRUCK', 'SLOT', 'STORE']),
        id: IdText('truck, slot or store; any name is a store'),
      },
      { ...closed, description: 'where the pack was found' },
    ),
  },
  closed,
);

/** What an operator does with slots and packs after somebody looked at them: by the platform, and by the operator of the station. */
export const operatorActsRoutes: FastifyPluginAsyncTypebox<ActOptions> = async (app, options) => {
  const { scene } = options;
  const act = actOnce(options);

  for (const { path, type, summary } of SLOT_ACTS) {
    app.post(
      `/slots/:id/${path}`,
      { schema: { tags: ['slots'], summary, params: IdParams, body: ActBody, response: { 200: SlotView } } },
      async (request) => {
        const { id } = request.params;
        const rights = rightsOf(callerOf(request));
        const slot = scene.slotFor(id, rights);
        if (!slot) throw notFound('slot', id);
        if (!isAtOwnStation(rights, id, scene)) throw forbidden('only the operator of the station may do this');
        const { stationId, evseId } = slot;
        const { key, note } = request.body;
        await act(request, key, { type, stationId, evseId, note: reasonOf(note) });
        return scene.slotFor(id, rights) ?? slot;
      },
    );
  }
  app.post(
    '/packs/:id/clear',
    {
      schema: {
        tags: ['packs'],
        summary: 'Ends the quarantine of a pack; 409 PACK_NOT_QUARANTINED',
        params: IdParams,
        body: ActBody,
        response: { 200: PackView },
      },
    },
    async (request) => {
      const { id } = request.params;
      const { key, note } = request.body;
      refuseForeignPack(rightsOf(callerOf(request)), id, scene);
      await act(request, key, { type: 'pack.clear', packId: id, note: reasonOf(note) });
      return packNow(id, scene);
    },
  );
  app.post(
    '/packs/:id/custody',
    {
      schema: {
        tags: ['packs'],
        summary: 'Says where a pack is, and ends the dispute about it; 409 PACK_IN_SWAP, PLACE_TAKEN, ALREADY_THERE',
        params: IdParams,
        body: CustodyCorrection,
        response: { 200: PackView },
      },
    },
    async (request) => {
      const { id } = request.params;
      const { key, note, place } = request.body;
      const rights = rightsOf(callerOf(request));
      refuseForeignPack(rights, id, scene);
      if (place.kind !== 'SLOT' ? rights.kind !== 'ALL' : !isAtOwnStation(rights, place.id, scene)) {
        throw forbidden('an operator moves packs between slots of its own stations; all else is for the platform');
      }
      await act(request, key, { type: 'pack.correctCustody', packId: id, ...place, note: reasonOf(note) });
      return packNow(id, scene);
    },
  );
};

const SLOT_ACTS = [
  {
    path: 'return',
    type: 'slot.return',
    summary: 'Takes a slot into use again that was set aside or quarantined; 409 SLOT_IN_USE',
  },
  {
    path: 'set-aside',
    type: 'slot.setAside',
    summary: 'Takes a slot out of use; 409 SLOT_WITHDRAWN',
  },
] as const;

/** @param placeId of a slot, a bay, or a place somewhere in a station */
function isAtOwnStation(rights: Rights, placeId: string, { live }: LiveScene): boolean {
  if (rights.kind === 'ALL') return true;
  return rights.kind === 'STATION_OPERATOR' && stationAt(placeId, live)?.operatorId === rights.principalId;
}

/** An operator sees only what is at his stations. @throws ProblemError when the caller does not see the pack, or may not act on it */
function refuseForeignPack(rights: Rights, id: string, scene: LiveScene): void {
  if (!scene.packsFor(rights).some((each) => each.id === id)) throw notFound('pack', id);
  if (rights.kind !== 'ALL' && rights.kind !== 'STATION_OPERATOR') {
    throw forbidden('only the platform and the operator of the station where the pack is may do this');
  }
}

/** As the platform sees it: who moved a pack out of his sight is told where it is now. */
function packNow(id: string, scene: LiveScene): PackView {
  const pack = scene.packsFor({ kind: 'ALL' }).find((each) => each.id === id);
  if (!pack) throw notFound('pack', id);
  return pack;
}
