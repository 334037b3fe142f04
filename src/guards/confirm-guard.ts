import { actorKey, actorName } from '#src/kernel/call.ts'
import type { Guard, Intent } from '#src/kernel/dispatch.ts'
import type { Places } from '#src/places/places.ts'

/** One confirming press by the caller for what is destructive or touches production; it holds while the plan's digest does. */
export function confirmGuard(places: Pick<Places, 'isProduction'>): Guard<Intent> {
  return async ({ call, command, plan }, goOn) => {
    const production = places.isProduction(plan.environment)
    if (call.confirmed === plan.digest || (command.risk !== 'destructive' && !production)) return goOn()
    const confirms = { by: actorKey(call.actor), digest: plan.digest }
    const changed = call.confirmed === undefined ? '' : 'Things have changed since you were asked, so nothing was done yet. '
    const why = production ? `This is ${plan.environment.name}` : 'This cannot be undone'
    return {
      title: 'Please confirm',
      tone: 'warning',
      sentence: `${changed}${plan.sentence} ${why}, so nothing happens before ${actorName(call.actor)} confirms (within 10 minutes).`,
      facts: plan.facts,
      actions: [
        { label: 'Confirm', command: call.command, arguments: call.raw, danger: true, confirms },
        { label: 'Cancel', command: 'confirmation.cancel', arguments: {}, confirms },
      ],
    }
  }
}
