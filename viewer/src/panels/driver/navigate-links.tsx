import type { StationView } from '@corridor/protocols/http/scene';
import { Navigation } from 'lucide';
import type { VNode } from 'preact';
import { useWords } from '../app-context.ts';
import { Icon } from '../icon.tsx';

const DECIMALS = 6;

/** The map application of the phone: Android opens `geo:`, Apple's answers an address of its own. */
function mapAppUrl(lat: string, lon: string, name: string, agent: string): string {
  const place = encodeURIComponent(name);
  return /iPhone|iPad|Macintosh/.test(agent)
    ? `https://maps.apple.com/?daddr=${lat},${lon}&q=${place}`
    : `geo:${lat},${lon}?q=${lat},${lon}(${place})`;
}

/** AMap takes WGS-84 when told so, and shifts it itself. */
const amapUrl = (lat: string, lon: string, name: string): string =>
  `https://uri.amap.com/navigation?to=${lon},${lat},${encodeURIComponent(name)}&mode=car&coordinate=wgs84`;

/** Turn by turn is what map applications do: the station is handed to one. */
export function NavigateLinks({ station, name }: { station: StationView; name: string }): VNode {
  const words = useWords();
  const [lat, lon] = [station.lat.toFixed(DECIMALS), station.lon.toFixed(DECIMALS)];
  return (
    <div class="driver-pair">
      <a class="button" data-action="navigate" href={mapAppUrl(lat, lon, name, navigator.userAgent)}>
        <Icon node={Navigation} size={20} />
        {words.driver.mapApp}
      </a>
      <a class="button" data-action="navigate-amap" href={amapUrl(lat, lon, name)} target="_blank" rel="noopener noreferrer">
        {words.driver.amap}
      </a>
    </div>
  );
}
