import { StationView } from '@corridor/protocols/http/scene';
import type { Logger } from 'pino';
import { Type } from 'typebox';
import { Check } from 'typebox/value';
import type { Plant } from '../plant/plant.ts';
import { pause, type TwinApi, TwinApiError } from './twin-api.ts';

const LOOK_EVERY_WALL_MS = 5_000;
const Stations = Type.Array(Type.Pick(StationView, ['id', 'state']));

/** Tells drivers which stations their operators closed, as the app in the cab does: who does not know drives there in vain. */
export async function followClosures({
  api,
  plant,
  signal,
  log,
}: {
  api: TwinApi;
  plant: Plant;
  signal: AbortSignal;
  log: Logger;
}): Promise<void> {
  while (!signal.aborted) {
    try {
      takeClosures(plant, await api.get('/api/v1/stations'));
    } catch (cause) {
      if (!(cause instanceof TwinApiError)) throw cause;
      log.debug({ reason: cause.message }, 'which stations are closed is not known now');
    }
    await pause(LOOK_EVERY_WALL_MS, signal);
  }
}

function takeClosures(plant: Plant, answer: unknown): void {
  if (!Check(Stations, answer))
    throw new TwinApiError('the list of stations is not what it should be', { status: null, problemCode: null });
  for (const { id, state } of answer) if (id in plant.state.stations) plant.setClosed(id, state === 'closed');
}
