import type { AgreementTerms } from '../../feed/agreement-api.ts';

/** An id for the version after this one: `SR-HH1-1` is followed by `SR-HH1-2`, and what ends in no number begins with 2. */
export function nextVersionId(id: string): string {
  const [, stem, number] = /^(.*-)(\d{1,6})$/.exec(id) ?? [];
  return stem === undefined || number === undefined ? `${id}-2` : `${stem}${Number(number) + 1}`;
}

/** The text of a version as the next one, from a local day on; what begins with its approval names no day. */
export function nextVersionText({ definition }: AgreementTerms, firstDay: string): string {
  const next: Record<string, unknown> = { ...definition, id: nextVersionId(definition.id) };
  for (const name of ['effectiveFrom', 'validFrom']) if (name in next) next[name] = firstDay;
  return JSON.stringify(next, null, 2);
}
