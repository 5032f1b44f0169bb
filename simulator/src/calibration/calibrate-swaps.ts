import { type ArrivalsFit, fitArrivals } from './arrivals-fit.ts';
import { CalibrationError } from './calibrate-trips.ts';
import type { Calibrated, Chart, Table } from './calibrated.ts';
import { COUNT_MIN, type DurationFit, fitDurations } from './duration-fit.ts';
import { quantileMs, quantileOf } from './duration-shape.ts';
import { roundedOf } from './rounded-duration.ts';
import type { RecordedSwap } from './swap-history.ts';

/** What a scenario may take over of one station. */
interface StationFound {
  stationId: string;
  arrivals: ArrivalsFit | null;
  service: DurationFit | null;
  arriveSocPercent: number | null;
}

/** @param packWh capacity of the packs; null: how full they arrive is not told. @throws CalibrationError when no station has enough swaps */
export function calibrateSwaps(swaps: readonly RecordedSwap[], { packWh }: { packWh: number | null }): Calibrated {
  const stations = [...Map.groupBy(swaps, ({ stationId }) => stationId)]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([stationId, own]) => foundAt(stationId, own, packWh));
  if (stations.every(({ arrivals, service }) => arrivals === null && service === null))
    throw new CalibrationError(`no station has ${COUNT_MIN + 1} swaps: nothing can be fitted`);
  return {
    title: `Arrivals and swap times of ${stations.length} stations, from ${swaps.length} swaps`,
    sections: stations.map(sectionOf),
    fragment: {
      stations: stations.flatMap(({ stationId, service }) => (service ? [{ id: stationId, swapTime: roundedOf(service.chosen) }] : [])),
      fleets: stations.flatMap(({ stationId, arrivals, arriveSocPercent }) =>
        arrivals
          ? [
              {
                kind: 'visits',
                id: `at-${stationId}`,
                stationId,
                arrivals:
                  arrivals.plan.kind === 'interval' ? { kind: 'interval', between: roundedOf(arrivals.plan.between) } : arrivals.plan,
                ...(arriveSocPercent === null ? {} : { arriveSocPercent }),
              },
            ]
          : [],
      ),
    },
  };
}

function foundAt(stationId: string, swaps: readonly RecordedSwap[], packWh: number | null): StationFound {
  const runs = [...Map.groupBy(swaps, ({ run }) => run).values()].map((own) => own.map(({ cameAtMs }) => cameAtMs));
  const services = swaps.flatMap(({ serviceMs }) => (serviceMs === null ? [] : [serviceMs]));
  const returned = swaps.flatMap(({ returnedWh }) => (returnedWh === null ? [] : [returnedWh]));
  return {
    stationId,
    arrivals: fitArrivals(runs),
    service: services.length < COUNT_MIN ? null : fitDurations(services),
    arriveSocPercent:
      packWh === null || returned.length === 0
        ? null
        : Number(((returned.reduce((sum, wh) => sum + wh, 0) / returned.length / packWh) * 100).toFixed(1)),
  };
}

function sectionOf({ stationId, arrivals, service, arriveSocPercent }: StationFound): Calibrated['sections'][number] {
  const notes = [
    arrivals === null ? 'Too few arrivals to tell anything of them.' : arrivalsNote(arrivals),
    ...(service === null
      ? ['Too few swap times.']
      : [`Swap times: mean ${(service.meanMs / 1000).toFixed(0)} s; taken over: ${service.chosen.kind}.`]),
    ...(arriveSocPercent === null ? [] : [`Packs arrive at ${arriveSocPercent} %.`]),
  ];
  const fits = [
    ...(arrivals ? [{ of: 'gaps between arrivals', fit: arrivals.gaps }] : []),
    ...(service ? [{ of: 'swap times', fit: service }] : []),
  ];
  return { title: `Station ${stationId}`, notes, table: fitTable(fits), charts: fits.flatMap(({ of, fit }) => qqChart(of, fit) ?? []) };
}

function arrivalsNote({ count, days, plan, profileGain }: ArrivalsFit): string {
  const seen = `${count} arrivals in ${days.toFixed(1)} days`;
  if (plan.kind === 'interval') return `${seen}: no Poisson stream, so the gaps themselves are taken over (${plan.between.kind}).`;
  const told =
    profileGain === null
      ? 'too short for a day profile'
      : `day profile ${plan.dayProfile ? 'taken over' : 'not more than chance'}, gain ${profileGain.toFixed(0)}`;
  return `${seen}: Poisson, ${plan.perHour} an hour in the mean of the day; ${told}.`;
}

const fitTable = (fits: readonly { of: string; fit: DurationFit }[]): Table => ({
  head: ['of', 'shape', 'n', 'KS distance', 'Anderson-Darling', 'p', ''],
  rows: fits.flatMap(({ of, fit }) =>
    fit.candidates.map(({ distribution, ksDistance, andersonDarling, pRatio }) => [
      of,
      distribution.kind,
      String(fit.count),
      ksDistance.toFixed(4),
      andersonDarling === null ? 'ruled out' : andersonDarling.toFixed(2),
      pRatio.toFixed(2),
      distribution === fit.chosen ? 'chosen' : '',
    ]),
  ),
});

/** Quantiles of what was observed against those of the best shape, in units of the mean. */
const QQ_POINTS = 60;

function qqChart(of: string, { sorted, candidates, meanMs }: DurationFit): Chart | null {
  const best = candidates[0]?.distribution;
  if (best === undefined || meanMs === 0) return null;
  const ratios = Array.from({ length: QQ_POINTS }, (_, index) => (index + 0.5) / QQ_POINTS);
  return {
    title: `${of}: ${best.kind}`,
    alongName: 'observed / mean',
    upName: 'shape / mean',
    points: ratios.map((ratio) => [quantileOf(sorted, ratio) / meanMs, quantileMs(best, ratio) / meanMs] as const),
  };
}
