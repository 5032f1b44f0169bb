import type { ThemeName } from '../theme/scene-palette.ts';
import { rampColour } from './heat-scale.ts';
import { cssColour, type Rgb } from './soc-ramp.ts';

/** The road's grade from here on has the full colour: the steepest kilometres of a motorway for heavy trucks. */
export const GRADE_FULL_RATIO = 0.03;
/** Steel blue: neither what waits, charges or alarms, nor a price. */
const RAMP = { hueDeg: 235, chroma: [0.02, 0.13] } as const;

/** @param gradeRatio rise over run, either way @returns 0..1 of the scale */
export function shareOfGrade(gradeRatio: number): number {
  return Math.min(Math.abs(gradeRatio) / GRADE_FULL_RATIO, 1);
}

/** @param share 0..1 */
export function gradeColour(share: number, theme: ThemeName): Rgb {
  return rampColour(RAMP, share, theme);
}

/** The ramp as a CSS gradient from level (left) to steep. */
export function gradeGradient(theme: ThemeName): string {
  return `linear-gradient(90deg, ${[0, 0.5, 1].map((share) => cssColour(gradeColour(share, theme))).join(', ')})`;
}
