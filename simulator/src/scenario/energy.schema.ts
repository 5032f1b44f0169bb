import { type Static, Type } from 'typebox';

const closed = { additionalProperties: false } as const;

/** PV behind a station's meter. */
export const Pv = Type.Object(
  {
    peakW: Type.Number({ exclusiveMinimum: 0, maximum: 100_000_000, description: 'peak power [W]' }),
    clearSkyRatio: Type.Number({
      minimum: 0,
      maximum: 1,
      description: 'share of clear-sky radiation that comes through clouds, the same all days',
    }),
  },
  closed,
);
export type PvPlan = Static<typeof Pv>;

/** What carbon figures are reckoned with. Three views are told, never one alone. */
export const Carbon = Type.Object(
  {
    dieselLPer100Km: Type.Number({ exclusiveMinimum: 0, maximum: 200, description: 'a diesel truck with these loads [l/100 km]' }),
    dieselKgCo2PerL: Type.Number({ exclusiveMinimum: 0, maximum: 5, description: 'tank to wheel 2.60' }),
    gridKgCo2PerKwh: Type.Object(
      {
        HEBEI_SOUTH: Type.Number({ minimum: 0, maximum: 3, description: 'location based [kg/kWh]' }),
        SHANXI: Type.Number({ minimum: 0, maximum: 3, description: 'location based [kg/kWh]' }),
      },
      closed,
    ),
    certifiedGreenRatio: Type.Number({ minimum: 0, maximum: 1, description: 'share of grid energy with a green certificate' }),
  },
  closed,
);
export type CarbonPlan = Static<typeof Carbon>;
