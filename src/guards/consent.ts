import type { Guard, Intent } from '#src/kernel/dispatch.ts'
import type { Places } from '#src/places/places.ts'

/** Why a change waits for a person's yes; undefined where it needs none. */
export function whyConsent({ command, plan }: Pick<Intent, 'command' | 'plan'>, places: Pick<Places, 'isProduction'>): string | undefined {
  if (places.isProduction(plan.environment)) return `This is ${plan.environment.name}`
  return command.risk === 'destructive' ? 'This cannot be undone' : undefined
}

export type ConsentGuards = Readonly<Record<'person' | 'automation' | 'speaker', Guard<Intent>>>

/** A person says yes by a press, a speaker by a word or a press; automation has a person's yes beforehand. */
export function consentGuard(guards: ConsentGuards): Guard<Intent> {
  return (step, goOn) => {
    const { door, exchange } = step.call
    const asks = door === 'automation' ? 'automation' : door === 'voice' || exchange !== undefined ? 'speaker' : 'person'
    return guards[asks](step, goOn)
  }
}
