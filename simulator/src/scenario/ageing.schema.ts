import { type Static, Type } from 'typebox';

/** Packs that lose capacity by time and use while the run lasts. */
export const Ageing = Type.Object(
  {
    /** As in the fade of large LFP cells: 1 reproduces the published model, 1.2 is taken for charging at 1C. */
    wearFactor: Type.Number({ minimum: 0.1, maximum: 10, description: 'on the wear by cycles; 1.2 for charging at 1C' }),
    sohSpreadPercent: Type.Number({
      minimum: 0,
      maximum: 20,
      description: 'on the first day packs differ from sohPercent by up to this [%]',
    }),
    renewAtSohPercent: Type.Number({
      minimum: 50,
      maximum: 99,
      description: 'a pack that comes back so weak or weaker gets new cells [%]',
    }),
  },
  { additionalProperties: false },
);
export type Ageing = Static<typeof Ageing>;
