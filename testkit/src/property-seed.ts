import fc from 'fast-check';

/**
 * Property tests draw the same cases in every run, so that a suite that passed passes again and a failure can be looked at;
 * `SEED=7 npx vitest run …` draws others. Looking for new cases is the work of the soaks and of whoever changes a rule.
 */
fc.configureGlobal({ seed: Number(process.env['SEED'] ?? 20_261_122) });
