import { type Role, roles } from '#src/kernel/command.ts'

/**
 * The highest role that a token's claims name: `role` (one name) or `roles` (an array, or names with spaces between). What is no known name
 * counts for nothing, and a claim that holds nothing else gives the least role. `otherwise` is only for a token that has neither claim.
 */
export function highestRole(claims: Readonly<Record<string, unknown>>, otherwise: Role): Role {
  const said = [claims.role, claims.roles].filter((claim) => claim !== undefined)
  if (said.length === 0) return otherwise
  const names = said.flatMap(namesIn)
  return roles.findLast((role) => names.includes(role)) ?? roles[0]
}

/** Whether `role` may do what asks for `least`. */
export function isAtLeast(role: Role, least: Role): boolean {
  return roles.indexOf(role) >= roles.indexOf(least)
}

function namesIn(claim: unknown): readonly string[] {
  if (Array.isArray(claim)) return claim.flatMap((name) => (typeof name === 'string' ? [name] : []))
  return typeof claim === 'string' ? claim.split(' ') : []
}
