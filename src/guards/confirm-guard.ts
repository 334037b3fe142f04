import { actorKey, actorName } from '#src/kernel/call.ts'
import type { Guard, Intent } from '#src/kernel/dispatch.ts'
import type { Fact, Shown } from '#src/kernel/report.ts'
import type { Plan } from '#src/operations/operations.ts'
import type { Places } from '#src/places/places.ts'
import type { Questions } from '#src/references/questions.ts'
import { whyConsent } from './consent.ts'

/** One confirming press by the caller for what is destructive or touches production; it holds while the plan's digest does. */
export function confirmGuard(places: Pick<Places, 'isProduction'>, questions: Pick<Questions, 'asked'>): Guard<Intent> {
  return async ({ call, command, plan }, goOn) => {
    const why = whyConsent({ command, plan }, places)
    if (why === undefined || call.confirmed?.digest === plan.digest) return goOn()
    await questions.asked(call, plan.sentence)
    const confirms = { by: actorKey(call.actor), digest: plan.digest, seen: plan.seen }
    const changes = call.confirmed ? changesSince(call.confirmed, plan) : []
    const changed = call.confirmed ? `${changedWords(changes)} ` : ''
    return {
      title: 'Please confirm',
      tone: 'warning',
      sentence: `${changed}${plan.sentence} ${why}, so nothing happens before ${actorName(call.actor)} confirms (within 10 minutes).`,
      facts: [...changes.map(({ label, was, is }) => ({ label: `Changed: ${label}`, value: `${was} → ${is}` })), ...plan.facts],
      actions: [
        { label: 'Confirm', command: call.command, arguments: call.raw, danger: true, confirms },
        { label: 'Cancel', command: 'confirmation.cancel', arguments: {}, confirms },
      ],
    }
  }
}

interface Difference {
  readonly label: string
  readonly was: string
  readonly is: string
}

function changesSince({ seen: then = [] }: Shown, { seen: now }: Plan): readonly Difference[] {
  return now.flatMap(({ label, value: is }: Fact) => {
    const was = then.find((each) => each.label === label)?.value
    return was === undefined || was === is ? [] : [{ label, was, is }]
  })
}

function changedWords(changes: readonly Difference[]): string {
  if (changes.length === 0) return 'Things have changed since you were asked, so nothing was done yet.'
  const each = changes.map(({ label, was, is }) => `${label.charAt(0).toLowerCase()}${label.slice(1)}, from ${was} to ${is}`)
  return `Nothing was done yet, as this has changed since you were asked: ${each.join('; ')}.`
}
