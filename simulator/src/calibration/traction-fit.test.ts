import { expect, it } from 'vitest';
import { loadTeslaSemi } from '../replay/tesla-semi.ts';
import { cumulativeWh, RECORDED_TRUCK } from '../replay/trip-energy.ts';
import { errorFigures, leaveOneOut } from './leave-one-out.ts';
import { constantConsumption, fitTraction, isMeasured, tractionModel } from './traction-fit.ts';

const measured = loadTeslaSemi().filter(isMeasured);

it('predicts the energy of real trips that it was not fitted to within 8 %, and better than distance alone', () => {
  const leftOut = leaveOneOut(measured.filter(({ doubts }) => doubts.length === 0));
  const traction = errorFigures(leftOut, 'tractionWh');
  const constant = errorFigures(leftOut, 'constantWh');
  expect(leftOut).toHaveLength(23);
  expect(traction.meanAbsolutePercent).toBeCloseTo(4.43, 1);
  expect(constant.meanAbsolutePercent).toBeCloseTo(4.8, 1);
  expect(Math.abs(traction.biasPercent)).toBeLessThan(1);
});

it('finds again the truck that made the energy, where the trips can tell', () => {
  const parameters = { ...RECORDED_TRUCK.parameters, rollingResistance: 0.0068, dragAreaM2: 5.1 };
  const truth = { ...RECORDED_TRUCK, parameters };
  const trips = measured.slice(0, 8).map((trip) => ({ ...trip, measuredWh: cumulativeWh(trip, truth).at(-1) ?? 0 }));
  const fitted = fitTraction(trips);
  for (const trip of measured.slice(8, 12)) {
    const wh = tractionModel(truth)(trip);
    expect(Math.abs(tractionModel(fitted)(trip) / wh - 1)).toBeLessThan(0.01);
    // Without the fit it would be far off.
    expect(tractionModel(RECORDED_TRUCK)(trip) / wh).toBeLessThan(0.9);
  }
  // Both have grown, in some mix.
  expect(fitted.parameters.rollingResistance).toBeGreaterThan(RECORDED_TRUCK.parameters.rollingResistance);
  expect(fitted.parameters.dragAreaM2).toBeGreaterThan(RECORDED_TRUCK.parameters.dragAreaM2);
});

it('fits one consumption to trips of one consumption', () => {
  const { whPerM, model } = constantConsumption(measured);
  expect(whPerM).toBeCloseTo(1.13, 1);
  const own = measured.map((trip) => ({ ...trip, measuredWh: model(trip) * 1.5 }));
  expect(constantConsumption(own).whPerM).toBeCloseTo(whPerM * 1.5, 9);
});
