import { type Role, roles } from '#src/kernel/command.ts'

/**
 * The highest role that a token's claims name: `role` (one name) or `roles` (an array, or names with spaces between). Unknown names count
 * for nothing: a token whose names are all unknown gets the least role, as it was made to mean something. `otherwise` is for one that names none.
 */
export function highestRole(claims: Readonly<Record<string, unknown>>, otherwise: Role): Role {
  const names = [claims.role, claims.roles].flatMap(namesIn)
  if (names.length === 0) return otherwise
  return roles.findLast((role) => names.includes(role)) ?? roles[0]
}

/** Whether `role` may do what asks for `least`. */
export function isAtLeast(role: Role, least: Role): boolean {
  return roles.indexOf(role) >= roles.indexOf(least)
}

function namesIn(claim: unknown): readonly string[] {
  if (Array.isArray(claim)) return claim.flatMap((name) => (typeof name === 'string' ? [name] : []))
  return typeof claim === 'string' ? claim.split(' ').filter((name) => name !== '') : []
}
