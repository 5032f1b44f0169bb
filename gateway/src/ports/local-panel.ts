/**
 * Acts of a person at the station, on the local panel. They are the only way out of a frozen motion: no remote command
 * is.
 */
export type PanelAct =
  /** The cause is gone, nobody is in the zone: go on. */
  | { kind: 'RESUME_CONFIRMED'; bayId: string }
  /** The truck that could not be identified is this one. */
  | { kind: 'IDENTITY_CONFIRMED'; bayId: string; truckId: string; plate: string }
  /** Stop this swap on the safest way back. */
  | { kind: 'ABORT'; bayId: string }
  /**
   * The machine cannot finish: people take over and clear the bay by hand, the truck is towed. Told before they begin; a motion
   * still frozen is then ended by them: the robot answers it with GANTRY_FAULT and holds nothing.
   */
  | { kind: 'GIVEN_UP'; bayId: string; detail: string }
  | { kind: 'QUARANTINE_LIFTED'; evseId: number };

export interface LocalPanel {
  onAct(listener: (act: PanelAct) => void): () => void;
  /** A person pressed this on the station's own page: told to the listeners like a key of the panel itself. */
  press(act: PanelAct): void;
  /** What the person should see and do now, for example "bay HH1-B1 waits for a local confirmation: INTERLOCK_ESTOP". Null clears it. */
  show(bayId: string, prompt: PanelPrompt | null): void;
  /** All slots that wait for QUARANTINE_LIFTED, again and again: the list replaces the one before. */
  showOutOfUse(slots: readonly OutOfUse[]): void;
  /** All packs that wait for trucks that were ordered and have not come, again and again: the list replaces the one before. */
  showKept(packs: readonly KeptPack[]): void;
}

export type PanelPrompt = {
  kind: 'CONFIRM_RESUME' | 'CONFIRM_IDENTITY' | 'CLEAR_BAY';
  reasonCode: string;
};

export type KeptPack = { packId: string; truckId: string };

/** A slot that the station took out of use, and why: a reason code of the procedure or of a command. */
export type OutOfUse = { evseId: number; reasonCode: string };
