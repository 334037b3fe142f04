import { Refusal } from '#src/service/refusal.ts'
import type { Principal } from '#src/tokens/tokens.ts'

/** Throws a Refusal with 403 where the token is bound to another agent. */
export function mustBeOwn({ agent }: Principal, agentId: string): void {
  if (agent !== undefined && agent !== agentId) throw new Refusal(403, 'This token is another agent’s.')
}
