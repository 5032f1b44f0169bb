import { BULK_TRUCK, BULK_TRUCK_WINTER, type TractionParameters } from '@corridor/actors/truck/traction';
import { type Static, Type } from 'typebox';

/** What of the traction model differs from that of the season; `npm run calibrate -- trips` finds it. What is left out stays. */
export const Traction = Type.Object(
  {
    rollingResistance: Type.Optional(Type.Number({ minimum: 0.001, maximum: 0.05, description: 'coefficient' })),
    dragAreaM2: Type.Optional(Type.Number({ minimum: 1, maximum: 20, description: 'drag coefficient times frontal area [m²]' })),
    driveEfficiencyRatio: Type.Optional(Type.Number({ minimum: 0.3, maximum: 1, description: 'battery to wheel and back' })),
    motorPowerWMax: Type.Optional(Type.Number({ minimum: 10_000, maximum: 5_000_000, description: 'driving power at the battery [W]' })),
    regenPowerWMax: Type.Optional(Type.Number({ minimum: 0, maximum: 5_000_000, description: 'recovered power at the battery [W]' })),
    auxPowerW: Type.Optional(Type.Number({ minimum: 0, maximum: 100_000, description: 'auxiliaries [W]' })),
    unevenDrivingFactor: Type.Optional(Type.Number({ minimum: 1, maximum: 2, description: 'on driving energy for speed changes' })),
  },
  { additionalProperties: false },
);

/** The traction model of a scenario: of the season, with what the scenario knows better. @param coldRatio 0 in summer, 1 in winter */
export function tractionOf({ traction }: { traction?: Static<typeof Traction> }, coldRatio: number): TractionParameters {
  const [warm, cold] = [1 - coldRatio, coldRatio];
  return {
    ...BULK_TRUCK,
    rollingResistance: warm * BULK_TRUCK.rollingResistance + cold * BULK_TRUCK_WINTER.rollingResistance,
    auxPowerW: warm * BULK_TRUCK.auxPowerW + cold * BULK_TRUCK_WINTER.auxPowerW,
    ...traction,
  };
}
