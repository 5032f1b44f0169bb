import type { Geometry, StationView, TruckView } from '@corridor/protocols/http/scene';
import type { VNode } from 'preact';
import { useApp, useWords } from '../app-context.ts';
import { useFetched } from '../fetched.ts';
import { useStation } from './station-name.ts';

const WIDTH = 360;
const HEIGHT = 176;
const PAD = 30;
/** No closer than this, so that the map of a truck at its station is one [degrees of latitude]. */
const SPAN_MIN_DEG = 0.04;
const RADIANS = Math.PI / 180;

type Place = { lat: number; lon: number };
type Point = { x: number; y: number };

/** The road between a truck and its station, with the stations along it; north is up. */
export function TripMap({ truck, station }: { truck: TruckView; station: StationView }): VNode | null {
  const { api } = useApp();
  const words = useWords();
  const { value: geometry } = useFetched('geometry', () => api.geometry());
  const { name } = useStation(station.id);
  if (geometry === null) return <div class="skeleton driver-map" aria-hidden="true" />;
  const truckAt = placeOf(geometry, truck);
  const route = routeOf(geometry, truck, station);
  const toPoint = fitted([...route, station, ...(truckAt === null ? [] : [truckAt])]);
  return (
    <svg class="driver-map" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={words.driver.mapLabel(name)}>
      <polyline class="road" points={pointsText(geometry.road, toPoint)} />
      <polyline class="route" points={pointsText(route, toPoint)} />
      <OtherStations but={station.id} toPoint={toPoint} />
      <StationMark at={toPoint(station)} name={name} />
      {truckAt !== null && <circle class="truck" {...centre(toPoint(truckAt))} r={8} />}
    </svg>
  );
}

/** On the road where that is known: what a satellite says beside it is drift. */
function placeOf({ road }: Geometry, { chainageM, lat, lon }: TruckView): Place | null {
  const next = chainageM === null ? -1 : road.findIndex((point) => point.chainageM >= chainageM);
  const [before, after] = [road[next - 1], road[next]];
  if (chainageM === null || after === undefined) return lat === null || lon === null ? null : { lat, lon };
  if (before === undefined) return after;
  const part = (chainageM - before.chainageM) / (after.chainageM - before.chainageM);
  return { lat: before.lat + (after.lat - before.lat) * part, lon: before.lon + (after.lon - before.lon) * part };
}

/** Road points between the two; without a place of the truck the piece around the station. */
function routeOf({ road }: Geometry, { chainageM }: TruckView, station: StationView): Place[] {
  if (chainageM === null) return [];
  const [from, to] = chainageM < station.chainageM ? [chainageM, station.chainageM] : [station.chainageM, chainageM];
  const between = road.filter((point) => point.chainageM > from && point.chainageM < to);
  return between;
}

/** Places to points of the picture: all of them in it, a degree of longitude as long as it is there. */
function fitted(places: readonly Place[]): (place: Place) => Point {
  const lats = places.map(({ lat }) => lat);
  const lons = places.map(({ lon }) => lon);
  const mid = { lat: (Math.min(...lats) + Math.max(...lats)) / 2, lon: (Math.min(...lons) + Math.max(...lons)) / 2 };
  const narrower = Math.cos(mid.lat * RADIANS);
  const spanX = Math.max((Math.max(...lons) - Math.min(...lons)) * narrower, SPAN_MIN_DEG);
  const spanY = Math.max(Math.max(...lats) - Math.min(...lats), SPAN_MIN_DEG / 2);
  const scale = Math.min((WIDTH - 2 * PAD) / spanX, (HEIGHT - 2 * PAD) / spanY);
  return ({ lat, lon }) => ({ x: WIDTH / 2 + (lon - mid.lon) * narrower * scale, y: HEIGHT / 2 - (lat - mid.lat) * scale });
}

function pointsText(places: readonly Place[], toPoint: (place: Place) => Point): string {
  return places
    .map(toPoint)
    .map(({ x, y }) => `${x.toFixed(1)},${y.toFixed(1)}`)
    .join(' ');
}

const centre = ({ x, y }: Point): { cx: number; cy: number } => ({ cx: x, cy: y });

function OtherStations({ but, toPoint }: { but: string; toPoint: (place: Place) => Point }): VNode {
  const { store } = useApp();
  const stations = store.version.stations.value < 0 ? [] : [...store.records.stations.values()];
  return (
    <>
      {stations
        .filter(({ id }) => id !== but)
        .map((station) => (
          <circle key={station.id} class="other" {...centre(toPoint(station))} r={4} />
        ))}
    </>
  );
}

/** Its name beside it, on the side where there is room. */
function StationMark({ at: { x, y }, name }: { at: Point; name: string }): VNode {
  const isRight = x > WIDTH / 2;
  return (
    <>
      <path class="goal" d={`M${x} ${y}l-9 -14a9 9 0 1 1 18 0z`} />
      <text
        x={isRight ? Math.min(x + 8, WIDTH - 6) : Math.max(x - 8, 6)}
        y={y < HEIGHT / 2 ? y + 22 : y - 30}
        text-anchor={isRight ? 'end' : 'start'}
      >
        {name}
      </text>
    </>
  );
}
