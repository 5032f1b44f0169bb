import type { Scenario, StationPlan, VisitsPlan } from '../scenario/scenario.schema.ts';

/** Points of a chart: what was observed along, what the model says up. */
export interface Chart {
  title: string;
  alongName: string;
  upName: string;
  points: readonly (readonly [number, number])[];
}

export type FoundVisits = Pick<VisitsPlan, 'kind' | 'id' | 'stationId' | 'arrivals'> & { arriveSocPercent?: number };

/** Fields of a scenario, by the names of its schema; `legVariationRatio` is that of all trips. */
export interface CalibratedFields {
  traction?: NonNullable<Scenario['traction']>;
  stations?: readonly (Pick<StationPlan, 'id'> & Partial<Pick<StationPlan, 'swapTime' | 'chargerPowerW' | 'chargeTime'>>)[];
  fleets?: readonly FoundVisits[];
  legVariationRatio?: number;
}

/** What a calibration found: text for the terminal and the page, charts for the page, and what a scenario may take over. */
export interface Calibrated {
  title: string;
  sections: readonly { title: string; notes: readonly string[]; table: Table; charts: readonly Chart[] }[];
  fragment: CalibratedFields;
}

export interface Table {
  head: readonly string[];
  rows: readonly (readonly string[])[];
}

/** Columns in line, numbers to the right. */
export function tableText({ head, rows }: Table): string {
  const widths = head.map((name, column) => Math.max(name.length, ...rows.map((row) => row[column]?.length ?? 0)));
  return [head, ...rows]
    .map((row) => row.map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0))).join('  '))
    .join('\n');
}

export const calibratedText = ({ title, sections }: Calibrated): string =>
  [title, ...sections.map((section) => [section.title, ...section.notes, tableText(section.table)].join('\n'))].join('\n\n');
