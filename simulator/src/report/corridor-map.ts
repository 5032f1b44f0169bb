import { violated } from '@corridor/protocols/assert';
import type { Result } from '../planner/result.ts';
import { wayBetween } from '../scenario/way.ts';
import { name, words } from '../scenario/words.ts';
import { bottleneckFill, bottleneckOf, busyText } from './bottleneck.ts';
import { picture } from './page.ts';
import { linear, lineOf } from './scale.ts';
import { drawn, escaped } from './words.ts';

const WIDTH = 912;
const MAP_HEIGHT = 190;
const PROFILE_TOP = 230;
const HEIGHT = 400;
const LEFT = 56;
const RIGHT = 24;
/** Of the words beside a station's sign. */
const SIGN_WIDTH = 92;
const KM_PER_DEGREE = 111.32;

/** Seen from the road: the way out shows the stations of the way back too. */
function onBothWays(station: Result['scenario']['stations'][number]): Result['scenario']['stations'][number] {
  const { servesTripsTo, ...open } = station;
  return servesTripsTo === undefined ? station : open;
}

interface Dot {
  x: number;
  y: number;
  at: number;
}

/** The corridor from above, where sites have a place, and its climb; stations coloured by how near they are to their limit. */
export function corridorMap(result: Result): string {
  const { scenario } = result;
  const trips = scenario.fleets.find((fleet) => fleet.kind === 'trips');
  if (trips === undefined) return '';
  const way = wayBetween({ ...scenario, stations: scenario.stations.map(onBothWays) }, trips.from, trips.to);
  if (way === null) return '';
  const above = fromAbove(result);
  const climb = profileOf(result, way);
  const shift = above === '' ? PROFILE_TOP - 20 : 0;
  return picture(
    { width: WIDTH, height: HEIGHT - shift, title: words('stations along the corridor by bottleneck', '沿线各站瓶颈') },
    `${above}<g transform="translate(0 ${-shift})">${climb}</g>`,
  );
}

function fromAbove({ scenario, stations }: Result): string {
  const { sites, roads } = scenario;
  const placed = sites.flatMap(({ id, lat, lon, name: en, nameZh }) =>
    lat === undefined || lon === undefined ? [] : [{ id, lat, lon, en, nameZh }],
  );
  if (placed.length < sites.length || placed.length < 2) return '';
  const lats = placed.map(({ lat }) => lat);
  const lons = placed.map(({ lon }) => lon);
  const midLat = (Math.min(...lats) + Math.max(...lats)) / 2;
  const kmPerLon = KM_PER_DEGREE * Math.cos((midLat * Math.PI) / 180);
  const spanX = (Math.max(...lons) - Math.min(...lons)) * kmPerLon || 1;
  const spanY = (Math.max(...lats) - Math.min(...lats)) * KM_PER_DEGREE || 1;
  const scale = Math.min((WIDTH - 160) / spanX, (MAP_HEIGHT - 60) / spanY);
  const dots = new Map(
    placed.map(({ id, lat, lon }) => [
      id,
      {
        x: WIDTH / 2 + (lon - (Math.min(...lons) + Math.max(...lons)) / 2) * kmPerLon * scale,
        y: MAP_HEIGHT / 2 - (lat - midLat) * KM_PER_DEGREE * scale,
      },
    ]),
  );
  const lines = roads.map(({ from, to }) => {
    const [one, other] = [dots.get(from), dots.get(to)];
    return one && other
      ? `<line x1="${one.x}" y1="${one.y}" x2="${other.x}" y2="${other.y}" stroke="var(--idle)" stroke-width="5" stroke-linecap="round"/>`
      : '';
  });
  const labels = placed.map(({ id, en, nameZh }, index) => {
    const dot = dots.get(id);
    if (!dot || !scenario.stations.some(({ siteId }) => siteId === id)) return '';
    return drawn(
      { en: en?.split(' (')[0] ?? id, zh: nameZh ?? en ?? id },
      `text-anchor="middle" x="${dot.x}" y="${dot.y + (index % 2 === 0 ? -18 : 28)}"`,
    );
  });
  const circles = scenario.stations.map((plan, index) => {
    const dot = dots.get(plan.siteId);
    if (!dot) return '';
    const beside = scenario.stations.filter(({ siteId }) => siteId === plan.siteId);
    const place = beside.indexOf(plan) - (beside.length - 1) / 2;
    const bottleneck = bottleneckOf(plan, stations[index]);
    return `<circle cx="${dot.x + place * 16}" cy="${dot.y}" r="8" style="fill:${bottleneckFill(bottleneck)}" stroke="var(--panel)" stroke-width="2"><title>${escaped(plan.id)}: ${bottleneck.what.en} ${bottleneck.what.zh} ${busyText(bottleneck)}</title></circle>`;
  });
  return [...lines, ...labels, ...circles].join('');
}

function profileOf({ scenario, stations }: Result, way: NonNullable<ReturnType<typeof wayBetween>>): string {
  const { chainageM, altM } = way.heights;
  const sides = [LEFT, WIDTH - RIGHT] as const;
  // As on the map: a way that begins in the east begins on the right.
  const [start, end] = isWestward(scenario, way) ? [sides[1], sides[0]] : sides;
  const x = linear({ from: 0, to: way.lengthM / 1000, start, end, ticksMax: 10 });
  const highest = Math.max(100, ...altM);
  const y = linear({ from: Math.min(0, ...altM), to: highest, start: HEIGHT - 30, end: PROFILE_TOP + 70, ticksMax: 3 });
  const points = Array.from(chainageM, (m, index) => [x.at(m / 1000), y.at(altM[index] ?? violated(`no height at ${m} m`))] as const);
  const ground = `<path d="${lineOf(points)}L${end} ${HEIGHT - 30}L${start} ${HEIGHT - 30}Z" fill="var(--idle)" opacity=".35"/><path d="${lineOf(points)}" fill="none" stroke="var(--muted)" stroke-width="1.5"/>`;
  const axis = x.ticks.map((tick) => `<text class="mute" text-anchor="middle" x="${x.at(tick)}" y="${HEIGHT - 12}">${tick} km</text>`);
  const heights = y.ticks.map((tick) => `<text class="mute" text-anchor="end" x="${LEFT - 6}" y="${y.at(tick) + 4}">${tick} m</text>`);
  const dots: Dot[] = way.stops.map(({ index, atM }) => ({ x: x.at(atM / 1000), y: y.at(heightAt(way.heights, atM)), at: index }));
  dots.sort((one, other) => one.x - other.x || one.at - other.at);
  const lanes: number[] = [];
  const marks = dots.map(({ x: left, y: top, at }) => {
    const plan = scenario.stations[at];
    if (!plan) return '';
    const bottleneck = bottleneckOf(plan, stations[at]);
    // Signs of stations that stand close stand above each other.
    const free = lanes.findIndex((end) => end < left);
    const lane = free < 0 ? lanes.length : free;
    lanes[lane] = left + SIGN_WIDTH;
    const height = top - 22 - lane * 32;
    const isLast = left + SIGN_WIDTH > WIDTH;
    const place = isLast ? `text-anchor="end" x="${left - 12}"` : `text-anchor="start" x="${left + 12}"`;
    const told = busyText(bottleneck);
    const share = words(`${told} ${bottleneck.what.en}`, `${told} ${bottleneck.what.zh}`);
    return `<line x1="${left}" x2="${left}" y1="${top}" y2="${height + 6}" stroke="var(--muted)"/><circle cx="${left}" cy="${height}" r="8" style="fill:${bottleneckFill(bottleneck)}" stroke="var(--panel)" stroke-width="2"/>${drawn(name(plan.id), `${place} y="${height - 1}"`)}${drawn(share, `${place} y="${height + 12}" style="fill:var(--muted);font-size:11px"`)}`;
  });
  return [ground, ...axis, ...heights, ...marks].join('');
}

function isWestward({ sites }: Result['scenario'], { from, to }: { from: string; to: string }): boolean {
  const [one, other] = [from, to].map((id) => sites.find((site) => site.id === id)?.lon);
  return one !== undefined && other !== undefined && one > other;
}

function heightAt({ chainageM, altM }: { chainageM: Float64Array; altM: Float64Array }, atM: number): number {
  const after = chainageM.findIndex((m) => m >= atM);
  return altM.at(after) ?? violated('a way without heights');
}
