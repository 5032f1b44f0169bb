import { violated } from '@corridor/protocols/assert';
import type { ScenarioRun } from '../run/scenario-run.ts';

/** Ids hold no commas and no quotes, so that lines are only joined. */
const linesOf = (rows: readonly (readonly (string | number)[])[]): string => rows.map((row) => `${row.join(',')}\n`).join('');

export const ORDERS_HEAD = 'seed,atMs,stationId,truckId,waitMs,serviceMs,returnedWh,issuedWh,heading\n';

/** One line a swap; `heading` is where the truck was going, and empty where that has no meaning. */
export const orderLines = ({ seed, swaps }: Pick<ScenarioRun, 'seed' | 'swaps'>): string =>
  linesOf(
    (swaps ?? violated(`SEED=${seed} noted no swaps`)).map(
      ({ atMs, stationId, truck, waitMs, serviceMs, returnedWh, issuedWh, heading }) => [
        seed,
        Math.round(atMs),
        stationId,
        truck.slice(truck.indexOf(':') + 1),
        Math.round(waitMs),
        Math.round(serviceMs),
        Math.round(returnedWh),
        Math.round(issuedWh),
        heading ?? '',
      ],
    ),
  );

export const TIMESERIES_HEAD = 'seed,hour,stationId,arrivals,swaps,lost,waitMs,chargedWh\n';

/** One line a station and hour, the warm-up too; `waitMs` is the sum of the waits that ended in it. */
export const timeseriesLines = ({ seed, stations, hourly }: Pick<ScenarioRun, 'seed' | 'stations' | 'hourly'>): string =>
  stations
    .map(({ id }, index) => {
      const sums = hourly[index];
      if (!sums) violated(`SEED=${seed} noted no hours of ${id}`);
      const at = (values: Float64Array, hour: number) => Math.round(values[hour] ?? violated(`no hour ${hour} of ${id}`));
      return linesOf(
        Array.from(sums.arrivals, (_, hour) => [
          seed,
          hour,
          id,
          at(sums.arrivals, hour),
          at(sums.swaps, hour),
          at(sums.lost, hour),
          at(sums.waitMs, hour),
          at(sums.chargedWh, hour),
        ]),
      );
    })
    .join('');

export const LOADS_HEAD = 'seed,hour,fleetId,came,setOut,waiting\n';

/** One line an hour and fleet that waits for loads, the warm-up too; `waiting` is the mean of those that had no truck. */
export const loadLines = ({ seed, loads }: Pick<ScenarioRun, 'seed' | 'loads'>): string =>
  loads
    .map(({ fleetId, came, setOut, waiting }) =>
      linesOf(
        Array.from(waiting, (mean, hour) => [
          seed,
          hour,
          fleetId,
          came[hour] ?? violated(`no hour ${hour}`),
          setOut[hour] ?? violated(`no hour ${hour}`),
          mean.toFixed(3),
        ]),
      ),
    )
    .join('');

export const STATEMENTS_HEAD = 'seed,statementId,principalId,period,from,until,payableAt,ordersFen,othersFen,carriedInFen,totalFen,state\n';

/** One line a statement, the warm-up too; none where nobody is settled. */
export const statementLines = ({ seed, statements = [] }: Pick<ScenarioRun, 'seed' | 'statements'>): string =>
  linesOf(
    statements.map(({ fromMs, untilMs, payableAtMs, ordersFen, othersFen, carriedInFen, totalFen, ...of }) => [
      seed,
      of.statementId,
      of.principalId,
      of.period,
      ...[fromMs, untilMs, payableAtMs].map((atMs) => new Date(atMs).toISOString()),
      ...[ordersFen, othersFen, carriedInFen, totalFen].map((fen) => `${fen}`),
      of.state,
    ]),
  );
