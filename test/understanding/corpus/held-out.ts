export const neverHeldOut: readonly string[] = []
