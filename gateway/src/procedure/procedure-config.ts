/** Limits and times of the procedure. Durations in scope time. */
export type ProcedureConfig = {
  positionTriesMax: number;
  unlockTriesMax: number;
  seatTriesMax: number;
  /** Other packs tried after a failed self-check. */
  redosMax: number;
  offsetMMax: number;
  angleDegMax: number;
  residualVoltageVMax: number;
  isolationOhmPerVMin: number;
  windMpsMax: number;
  /** Weight on the rope that a lifted pack must show: packs of 3.2 to 4.8 t, with the tolerance of the cell. */
  gripLoadKgMin: number;
  gripLoadKgMax: number;
  /** A seated pack leaves less than this on the rope. */
  seatedLoadKgMax: number;
  packTempCMax: number;
  minSohPercent: number;
  targetSocPercent: number;
  /** A truck that is not safe to work on is held this long, then freed. */
  unsafeHoldMs: number;
  /** For the operator's confirmation of a truck that could not be identified. */
  confirmIdentityMs: number;
  /** From the authorisation to the old pack in its slot (OCPP Timeout[In]): a truck not unlocked by then is freed. */
  timeoutInMs: number;
  /** A swap that stands is announced again this often. */
  remindEveryMs: number;
  /** Without an eligible pack for this long: battery_out_timeout (OCPP Timeout[Out]). */
  timeoutOutMs: number;
};

/** Assumptions where no vendor's figure stands behind them; docs/domain/swap-procedure.md. */
export const DEFAULT_PROCEDURE_CONFIG: ProcedureConfig = {
  positionTriesMax: 3,
  unlockTriesMax: 3,
  seatTriesMax: 3,
  redosMax: 2,
  offsetMMax: 0.03,
  angleDegMax: 1,
  residualVoltageVMax: 60,
  isolationOhmPerVMin: 100,
  windMpsMax: 12,
  gripLoadKgMin: 2_400,
  gripLoadKgMax: 5_200,
  seatedLoadKgMax: 200,
  packTempCMax: 55,
  minSohPercent: 80,
  targetSocPercent: 90,
  unsafeHoldMs: 60_000,
  confirmIdentityMs: 180_000,
  timeoutInMs: 1_800_000,
  remindEveryMs: 600_000,
  timeoutOutMs: 900_000,
};
