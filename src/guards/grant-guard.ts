import { type Audit, ofCall } from '#src/audit/audit.ts'
import type { Grant } from '#src/automation/automation.ts'
import type { Call } from '#src/kernel/call.ts'
import type { EnvironmentRef } from '#src/kernel/directory.ts'
import type { Guard, Intent } from '#src/kernel/dispatch.ts'
import { UserError } from '#src/kernel/errors.ts'
import type { Places } from '#src/places/places.ts'
import { whyConsent } from './consent.ts'

/** What persons confirmed beforehand: rules of services, and Helix's own policies. */
export interface Confirmations {
  covering(call: Call, environment: EnvironmentRef): Promise<Pick<Grant, 'by' | 'byName' | 'at'> | undefined>
}

export interface GrantGuardParts {
  /** Asked one after the other. */
  readonly confirmed: readonly Confirmations[]
  readonly places: Pick<Places, 'isProduction'>
  readonly audit: Audit
}

/** What asks a person for a confirmation goes on by itself only where a person confirmed this version of the rule for exactly this. */
export function grantGuard({ confirmed, places, audit }: GrantGuardParts): Guard<Intent> {
  return async (step, goOn) => {
    const { call, plan } = step
    const why = whyConsent(step, places)
    if (why === undefined) return goOn()
    const grant = await firstOf(confirmed, call, plan.environment)
    if (!grant) throw new Unconfirmed(`${plan.sentence} ${why}, and nobody has confirmed it, so nothing was done. ${whatToDo(step)}`)
    const outcome = `By a rule that ${grant.byName} (${grant.by}) confirmed at ${grant.at.toISOString()}.`
    await audit.record({ ...ofCall(call), place: plan.place, event: 'confirmed', outcome })
    return goOn()
  }
}

async function firstOf(confirmed: readonly Confirmations[], call: Call, environment: EnvironmentRef) {
  for (const each of confirmed) {
    const grant = await each.covering(call, environment)
    if (grant) return grant
  }
  return undefined
}

function whatToDo({ call: { actor, cause, command } }: Intent): string {
  if (actor.kind === 'helix') return 'An admin can set the policy anew.'
  // Rules are kept by services.
  if (actor.kind === 'token' && actor.id.startsWith('agent:')) return `An admin can do it in Discord with /${command.replaceAll('.', ' ')}.`
  return cause?.rule
    ? `An admin must confirm this version of the rule ${cause.rule.id} in Discord by enabling it there.`
    : `An admin can do it in Discord with /${command.replaceAll('.', ' ')}, or enable a rule for it there.`
}

/** Refused until a person says yes; the audit and the door tell it from other refusals. */
export class Unconfirmed extends UserError {}
