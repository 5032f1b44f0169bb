/** A truck by the name of its actor. */
export const truckIdOf = ({ ref }: { ref: string }): string => ref.slice(ref.indexOf(':') + 1);
