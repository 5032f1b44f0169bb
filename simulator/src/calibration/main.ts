import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeFolder } from '@corridor/gateway/journal/make-folder';
import { loadRecording } from '../replay/replay.ts';
import { calibrateCharges } from './calibrate-charges.ts';
import { type CalibrateOptions, calibrateOptions } from './calibrate-options.ts';
import { calibrateSwaps } from './calibrate-swaps.ts';
import { CalibrationError, calibrateTrips } from './calibrate-trips.ts';
import { type Calibrated, calibratedText } from './calibrated.ts';
import { calibrationPage } from './calibration-page.ts';
import { parseChargeColumns, readChargeHistory } from './charge-history.ts';
import { intoScenario } from './into-scenario.ts';
import { parseHistoryColumns, readSwapHistory } from './swap-history.ts';

function calibrated(options: CalibrateOptions): Calibrated {
  if (options.kind === 'trips') return calibrateTrips(loadRecording(options), options);
  if (options.kind === 'charges')
    return calibrateCharges(readChargeHistory(options.file, options.map === null ? null : parseChargeColumns(options.map)), options);
  const columns = options.map === null ? null : parseHistoryColumns(options.map);
  return calibrateSwaps(readSwapHistory(options.file, columns), options);
}

function calibrate(options: CalibrateOptions): void {
  if (options.scenario !== null && options.out === null) throw new CalibrationError('--scenario needs --out, where the scenario goes');
  const found = calibrated(options);
  const whole = options.scenario === null ? null : intoScenario(options.scenario, found.fragment);
  const fragment = `${JSON.stringify(found.fragment, null, 1)}\n`;
  process.stdout.write(`${calibratedText(found)}\n\nFor the scenario:\n${fragment}`);
  if (options.out === null) return;
  makeFolder(options.out);
  writeFileSync(join(options.out, 'calibration.html'), calibrationPage(found));
  writeFileSync(join(options.out, 'fragment.json'), fragment);
  if (whole !== null) writeFileSync(join(options.out, 'scenario.json'), `${JSON.stringify(whole, null, 1)}\n`);
}

try {
  calibrate(calibrateOptions(process.argv.slice(2)));
} catch (cause) {
  const isKnown = cause instanceof Error && 'code' in cause;
  process.stderr.write(`calibrate: ${isKnown ? cause.message : cause instanceof Error ? cause.stack : String(cause)}\n`);
  process.exitCode = 1;
}
