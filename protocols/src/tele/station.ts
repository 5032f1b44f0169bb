import { type Static, Type } from 'typebox';
import { envelope } from '../envelope.ts';
import { IdText } from '../ids.ts';
import { Literals } from '../literals.ts';
import { TariffPeriodKind } from '../tariff-period.ts';
import { DurationMs, Nullable, PowerW, SpeedMps, TempC } from '../units.ts';

export const STATION_STATES = ['OPERATIVE', 'DEGRADED', 'INOPERATIVE', 'ESTOP'] as const;
export const StationState = Literals(STATION_STATES);

/** `tele.station`, every 5 s: also the heartbeat of the gateway. */
export const StationTelemetry = envelope('tele.station', 1, {
  stationId: IdText('station'),
  state: StationState,
  readyPacks: Type.Integer({
    minimum: 0,
    maximum: 999,
    description: 'may be issued now, without those of swaps under way and those kept for ordered trucks',
  }),
  chargingPacks: Type.Integer({ minimum: 0, maximum: 999 }),
  emptySlots: Type.Integer({ minimum: 0, maximum: 999 }),
  queueLength: Type.Integer({ minimum: 0, maximum: 9_999, description: 'trucks waiting, the one in the bay not counted' }),
  estWaitMs: DurationMs("station's own estimate of the wait of a truck that arrives now"),
  gridPowerW: PowerW('drawn from the grid'),
  gridLimitW: PowerW('limit in force'),
  pvPowerW: PowerW('produced by the PV of the site'),
  auxPowerW: PowerW('own consumption of the station'),
  activeTariffPeriod: Nullable(TariffPeriodKind),
  ambientC: Nullable(TempC('ambient')),
  windMps: Nullable(SpeedMps('wind')),
  commsRttMs: Nullable(Type.Number({ minimum: 0, maximum: 600_000 })),
});
export type StationTelemetry = Static<typeof StationTelemetry>;
