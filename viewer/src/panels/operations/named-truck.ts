/** A truck of a list, as it is known on the road. */
export interface NamedTruck {
  truckId: string;
  /** null: not told to the one who looks */
  plate: string | null;
}

export const truckName = ({ truckId, plate }: NamedTruck): string => (plate === null ? truckId : `${truckId} · ${plate}`);

/** Who leaves the queue while one writes to him stays the one that is written to, and is seen to be. */
export const withChosen = (trucks: readonly NamedTruck[], chosen: NamedTruck | null): readonly NamedTruck[] =>
  chosen === null || trucks.some(({ truckId }) => truckId === chosen.truckId) ? trucks : [chosen, ...trucks];
