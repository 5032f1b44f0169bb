import { type Static, Type } from 'typebox';

const closed = { additionalProperties: false } as const;
const tempC = (description: string) => Type.Number({ minimum: -50, maximum: 50, description: `${description} [°C]` });
const rangeK = (maximum: number, description: string) => Type.Number({ minimum: 0, maximum, description: `${description} [K]` });

/** Weather that goes through the year and the day, one air for the whole corridor. */
const Climate = Type.Object(
  {
    kind: Type.Literal('climate'),
    monthMeanC: Type.Array(tempC('mean of a month'), { minItems: 12, maxItems: 12, description: 'air by month, January first [°C]' }),
    dayRangeK: rangeK(40, 'warmest less coldest hour of a day'),
    dayDepartureK: rangeK(15, 'standard deviation of a day from its season'),
    cells: Type.Object(
      {
        aboveAirK: rangeK(60, 'cells in use are so much warmer than the air'),
        heatedToC: Type.Number({ minimum: 0, maximum: 45, description: 'they are heated to this before they are charged [°C]' }),
        cooledToC: Type.Number({ minimum: 0, maximum: 55, description: 'and cooled to this [°C]' }),
      },
      closed,
    ),
  },
  closed,
);
export type Climate = Static<typeof Climate>;

/** A season that never ends, or a climate. */
export const WeatherPlan = Type.Union([Type.Literal('SUMMER'), Type.Literal('WINTER'), Climate], {
  description: 'parameters of the traction model, or the air that they go by',
});
export type WeatherPlan = Static<typeof WeatherPlan>;
