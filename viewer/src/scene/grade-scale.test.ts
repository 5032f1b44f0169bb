import { expect, it } from 'vitest';
import { GRADE_FULL_RATIO, gradeColour, gradeGradient, shareOfGrade } from './grade-scale.ts';

it('tells how steep it is, either way, full from 3 % on', () => {
  expect([0, 0.015, -0.015, GRADE_FULL_RATIO, 0.07].map(shareOfGrade)).toEqual([0, 0.5, 0.5, 1, 1]);
});

it.each(['light', 'dark'] as const)('goes away from the ground with the grade, so that the order survives in grey: %s', (theme) => {
  const luma = [0, 0.25, 0.5, 0.75, 1].map((share) => {
    const { r, g, b } = gradeColour(share, theme);
    return 0.299 * r + 0.587 * g + 0.114 * b;
  });
  const rising = [...luma].sort((a, b) => a - b);
  expect(luma).toEqual(theme === 'dark' ? rising : rising.toReversed());
  expect(gradeGradient(theme)).toMatch(/^linear-gradient\(90deg, .*,.*,.*\)$/);
});
