import { Literals } from './literals.ts';

/** Kinds of time-of-use period (尖 峰 平 谷 深谷). */
export const TARIFF_PERIODS = ['SHARP', 'PEAK', 'FLAT', 'VALLEY', 'DEEP_VALLEY'] as const;
export type TariffPeriodKind = (typeof TARIFF_PERIODS)[number];
export const TariffPeriodKind = Literals(TARIFF_PERIODS);
