/** What a truck does, as its telemetry says. */
export type VehicleState = 'DRIVING' | 'QUEUEING' | 'IN_BAY' | 'LOADING' | 'PARKED' | 'STRANDED';
