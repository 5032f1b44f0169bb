/**
 * Capacity fade of a large prismatic LFP cell after NREL BLAST-Lite (BSD-3, lfp_gr_250AhPrismatic_2019; test data
 * doi 10.1016/j.est.2023.109042): calendar and cycling losses as power laws, in a step form for changing conditions.
 * Valid for 10-45 °C, DOD 0.8-1, charging up to 0.65C; outside, `wearFactor` scales the cycling (assumption).
 */
const CALENDAR_POWER = 0.526;
const CYCLE_POWER = 0.828;

/** Both losses as ratios of the first capacity; their sum is 1 - SOH. */
export type FadeState = { calendarLossRatio: number; cycleLossRatio: number };

export type FadeStep = {
  days: number;
  /** Equivalent full cycles of the present capacity in this step. */
  equivalentFullCycles: number;
  tempC: number;
  /** Mean state of charge over the step, 0..1. */
  socRatio: number;
  depthOfDischargeRatio: number;
  /** Mean absolute C-rate of the first capacity over the step, rest included. */
  meanRatePerHour: number;
};

/** Anode potential against lithium at a state of charge, V. */
export function anodePotentialV(socRatio: number): number {
  const x = 0.0085 + socRatio * (0.78 - 0.0085);
  return (
    0.6379 +
    0.5416 * Math.exp(-305.5309 * x) +
    0.044 * Math.tanh(-(x - 0.1958) / 0.1088) -
    0.1978 * Math.tanh((x - 1.0571) / 0.0854) -
    0.6875 * Math.tanh((x + 0.0117) / 0.0529) -
    0.0175 * Math.tanh((x - 0.5692) / 0.0875)
  );
}

export function calendarRate(tempC: number, socRatio: number): number {
  const kelvin = tempC + 273.15;
  return 8.37e4 * Math.exp(-5.21e3 / kelvin) * Math.exp((-3.56e3 * anodePotentialV(socRatio)) / kelvin);
}

export function cycleRate(tempC: number, depthOfDischargeRatio: number, meanRatePerHour: number): number {
  const kelvin = tempC + 273.15;
  return (4.38e-8 + 1.55e-8 * depthOfDischargeRatio + 1.68e-7 * meanRatePerHour) * (Math.exp(2.19e3 / kelvin) + Math.exp(-1.55e5 / kelvin));
}

/** One step along `L = k x^p` when k may have changed since: continue from the x at which this k has the present loss. */
function advance(lossRatio: number, rate: number, power: number, amount: number): number {
  if (amount <= 0) return lossRatio;
  return rate * ((lossRatio / rate) ** (1 / power) + amount) ** power;
}

/**
 * @param step a stretch of days in which the conditions are about constant
 * @param wearFactor scales cycling wear; 1.2 for charging at 1C (assumption), 1 reproduces the published model
 */
export function fadeBy(state: FadeState, step: FadeStep, wearFactor = 1.2): FadeState {
  const sohRatio = sohRatioOf(state);
  return {
    calendarLossRatio: advance(state.calendarLossRatio, calendarRate(step.tempC, step.socRatio), CALENDAR_POWER, step.days),
    cycleLossRatio: advance(
      state.cycleLossRatio,
      wearFactor * cycleRate(step.tempC, step.depthOfDischargeRatio, step.meanRatePerHour),
      CYCLE_POWER,
      step.equivalentFullCycles * sohRatio,
    ),
  };
}

/** State of health, 0..1. */
export function sohRatioOf(state: FadeState): number {
  return Math.max(0, 1 - state.calendarLossRatio - state.cycleLossRatio);
}

/** A pack met at a given age: the loss so far is shared in the proportion of a pack with one full cycle a day. */
export function fadeStateAtSoh(sohRatio: number): FadeState {
  const lossRatio = 1 - sohRatio;
  return { calendarLossRatio: lossRatio * 0.35, cycleLossRatio: lossRatio * 0.65 };
}
