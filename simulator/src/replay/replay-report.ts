import { RECORDED_TRUCK, summarise, type TripComparison } from './trip-energy.ts';

const cell = (text: string, width: number) => text.padStart(width);
const number = (value: number | null, digits: number, width: number) => cell(value === null ? '—' : value.toFixed(digits), width);

/** Measured against modelled energy, a line a trip and the mean. */
export function replayReport(comparisons: readonly TripComparison[]): string {
  const { massKg, parameters } = RECORDED_TRUCK;
  const lines = [
    `Energy at the battery, measured against modelled on a level road (assumed: ${massKg / 1000} t, fr ${parameters.rollingResistance}, cdA ${parameters.dragAreaM2} m2, efficiency ${parameters.driveEfficiencyRatio}; not fitted)`,
    `${cell('truck/trip', 12)} ${cell('km', 8)} ${cell('hours', 6)} ${cell('gaps', 5)} ${cell('measured kWh', 13)} ${cell('modelled kWh', 13)} ${cell('error %', 8)}`,
  ];
  for (const trip of comparisons) {
    const wh = (value: number | null) => number(value === null ? null : value / 1000, 1, 13);
    lines.push(
      `${cell(`${trip.truck}/${trip.trip}`, 12)} ${number(trip.distanceKm, 1, 8)} ${number(trip.hours, 1, 6)} ${cell(String(trip.gaps), 5)} ${wh(trip.measuredWh)} ${wh(trip.modelledWh)} ${number(trip.errorPercent, 1, 8)}${trip.doubts.length > 0 ? `  doubtful: ${trip.doubts.join('; ')}` : ''}`,
    );
  }
  for (const [name, trips] of [
    ['all trips', comparisons],
    ['without doubtful ones', comparisons.filter(({ doubts }) => doubts.length === 0)],
  ] as const) {
    const summary = summarise(trips);
    if (!summary) continue;
    const kwhPerKm = (value: number) => (value / 1000).toFixed(3);
    lines.push(
      `${name}: ${summary.trips} trips, ${summary.distanceKm.toFixed(0)} km, measured ${kwhPerKm(summary.measuredWhPerKm)} kWh/km, modelled ${kwhPerKm(summary.modelledWhPerKm)} kWh/km, mean error ${summary.biasPercent.toFixed(1)} %, mean absolute error ${summary.meanAbsolutePercent.toFixed(1)} %`,
    );
  }
  return lines.join('\n');
}
