import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { ReferenceStore } from '@corridor/actors/network/reference-store';
import { batteryRateFindings, contractFindings } from '@corridor/actors/rating/contract-validation';
import { tariffFindings } from '@corridor/actors/tariff/tariff-validation';
import { NetworkFile } from '@corridor/protocols/network-file';
import { Compile } from 'typebox/compile';

const DATA = new URL('../../../data/corridor/', import.meta.url);
const pathOf = (name: string): string => fileURLToPath(new URL(name, DATA));

/** The network that is registered when the database is empty. */
export const DEFAULT_NETWORK_FILE = pathOf('network.json');

/** A file of the network cannot be used; one line that says which and why. */
export class NetworkFileError extends Error {
  readonly code = 'NETWORK_FILE_INVALID';
  constructor(path: string, reason: string, cause?: unknown) {
    super(`The network file ${path} cannot be used (${reason}): mend it, or name another one in NETWORK_FILE.`, { cause });
  }
}

const validator = Compile(NetworkFile);

/** @throws NetworkFileError */
export function readNetworkFile(path: string): NetworkFile {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(path, 'utf8'));
  } catch (cause) {
    throw new NetworkFileError(path, cause instanceof Error ? cause.message : 'not readable', cause);
  }
  if (validator.Check(value)) {
    const finding = firstFinding(value);
    if (finding !== null) throw new NetworkFileError(path, finding);
    return value;
  }
  const [first] = validator.Errors(value);
  throw new NetworkFileError(path, first ? `${first.instancePath || '/'}: ${first.message}` : 'does not match its schema');
}

/** What no schema sees: an hour of a tariff without a period or with two, an agreement with somebody who is not there. */
function firstFinding(file: NetworkFile): string | null {
  const reference = ReferenceStore.of(file, () => null);
  const agreements: { id: string; findings: readonly { text: string }[] }[] = [
    ...file.tariffs.map((each) => ({ id: each.id, findings: tariffFindings(each) })),
    ...file.contracts.map((each) => ({ id: each.id, findings: contractFindings(each, reference) })),
    ...file.batteryRates.map((each) => ({ id: each.id, findings: batteryRateFindings(each, reference) })),
  ];
  for (const { id, findings } of agreements) {
    const [first] = findings;
    if (first !== undefined) return `${id}: ${first.text}`;
  }
  return null;
}

/** Texts of the corridor: road, sites, heights. */
export function corridorTexts(): { profileCsv: string; sitesCsv: string; terrainCsv: string } {
  const read = (name: string) => readFileSync(pathOf(name), 'utf8');
  return { profileCsv: read('profile_1km.csv'), sitesCsv: read('sites.csv'), terrainCsv: read('dem_srtm30_0p02deg.csv') };
}

/** Text of the table that tells the state of charge of a resting cell by its voltage. */
export const cellVoltageText = (): string =>
  readFileSync(fileURLToPath(new URL('../../../data/cell_ocv/lfp_ocv.csv', import.meta.url)), 'utf8');
