import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseCellVoltages } from '@corridor/actors/pack/open-circuit-voltage';
import { parseRoadProfile } from '@corridor/actors/road/road-profile';
import { CORRIDOR_SPEED_ZONES } from '@corridor/actors/road/speed-zones';
import { Prng } from '@corridor/actors/time/prng';
import { NetworkFile } from '@corridor/protocols/network-file';
import { Compile } from 'typebox/compile';
import { NetworkFileError } from './new-plant.ts';
import { parseClearSky } from './sunshine.ts';
import type { World } from './world.ts';

const dataFile = (name: string) => fileURLToPath(new URL(`../../../data/${name}`, import.meta.url));

export const DEFAULT_NETWORK_PATH = dataFile('corridor/network.json');

/** The corridor's road and tables, from the files that come with the product. */
export function loadWorld(seed: number): World {
  return {
    road: parseRoadProfile(readFileSync(dataFile('corridor/profile_1km.csv'), 'utf8')),
    zones: CORRIDOR_SPEED_ZONES,
    cells: parseCellVoltages(readFileSync(dataFile('cell_ocv/lfp_ocv.csv'), 'utf8')),
    sky: parseClearSky(readFileSync(dataFile('pv_shapes/clearsky_15min.csv'), 'utf8')),
    prng: new Prng(seed),
    targetSocPercent: 90,
  };
}

/** @throws NetworkFileError in one line when the file is missing, no JSON or not a network */
export function loadNetwork(path: string): NetworkFile {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(path, 'utf8'));
  } catch (cause) {
    throw new NetworkFileError(`network file ${path}: ${cause instanceof Error ? cause.message : 'unreadable'}`, { cause });
  }
  const validator = Compile(NetworkFile);
  if (validator.Check(value)) return value;
  const [first] = validator.Errors(value);
  throw new NetworkFileError(`network file ${path}: ${first?.instancePath ?? '/'} ${first?.message ?? 'does not match its schema'}`);
}
