import type { Guard, Intent } from '#src/kernel/dispatch.ts'
import type { Places } from '#src/places/places.ts'

/** Why a change waits for a person's yes; undefined where it needs none. */
export function whyConsent({ command, plan }: Pick<Intent, 'command' | 'plan'>, places: Pick<Places, 'isProduction'>): string | undefined {
  if (places.isProduction(plan.environment)) return `This is ${plan.environment.name}`
  return command.risk === 'destructive' ? 'This cannot be undone' : undefined
}

/** A person says yes by a press; automation has a person's yes beforehand. */
export function consentGuard(guards: { readonly person: Guard<Intent>; readonly automation: Guard<Intent> }): Guard<Intent> {
  return (step, goOn) => (step.call.door === 'automation' ? guards.automation : guards.person)(step, goOn)
}
