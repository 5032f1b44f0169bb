import { DEFAULT_NETWORK_FILE, readNetworkFile } from '@corridor/twin/seed/network-files';

/** Where the traffic serves the pages of its stations: one port after the other, in the order of the network. @param firstPort none: nowhere */
export function stationPageUrls(networkFile: string | null, firstPort: string | undefined): string {
  const port = Number(firstPort);
  // What is no port the traffic itself refuses, in words.
  if (firstPort === undefined || firstPort === '' || !Number.isInteger(port)) return '';
  const { stations } = readNetworkFile(networkFile ?? DEFAULT_NETWORK_FILE);
  return stations.map(({ id }, index) => `${id}=http://127.0.0.1:${port + index}`).join(' ');
}
