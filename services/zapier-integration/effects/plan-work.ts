import type { CallRequest } from '#src/automation/call-wire.ts'
import type { AcceptedEvent } from '../event-message.ts'
import { type Hooks, hookFor } from '../hooks/hooks.ts'
import { applies, digestOf, type Rule } from '../rules/rule.ts'
import { fillTemplate, TemplateFault } from '../rules/template.ts'
import type { NewWork } from '../work/work-queue.ts'

export interface Planned {
  readonly event: AcceptedEvent & { readonly target: string | null }
  readonly rules: readonly Rule[]
  readonly hooks: Hooks
  readonly now: Date
}

/** What is to be done about one event beside telling Redis: for what came in, the command of each rule that fits; for what goes out, its hook. */
export function planWork({ event, rules, hooks, now }: Planned): readonly NewWork[] {
  if (event.kind === 'event') return callsFor(event, rules, now)
  const hook = hookFor(event.name, event.target)
  return hooks.has(hook) ? [{ key: `${hook}:${event.id}`, lane: hook, event: event.id, dueAt: now }] : []
}

function callsFor(event: AcceptedEvent, rules: readonly Rule[], now: Date): readonly NewWork[] {
  const values = { event_id: event.id, event_type: event.name, timestamp: event.at.toISOString(), payload: event.payload }
  return rules
    .filter((rule) => applies(rule, values))
    .map((rule) => {
      const { id, name } = rule
      const key = `call:${event.id}:${id}`
      const work = { key, lane: 'call', event: event.id, rule: { id, name }, dueAt: now }
      try {
        const given = Object.entries(rule.arguments).map(([argument, template]) => [argument, fillTemplate(template, values)])
        const body: CallRequest = {
          key,
          command: rule.command,
          arguments: Object.fromEntries(given),
          ...(rule.environment !== undefined && { environment: rule.environment }),
          rule: { id, digest: digestOf(rule) },
          reason: `Zapier sent ${event.name.slice(0, 200)}, for which there is the rule ${name}.`,
        }
        return { ...work, body: JSON.stringify(body) }
      } catch (error) {
        if (!(error instanceof TemplateFault)) throw error
        return { ...work, refused: error.message }
      }
    })
}
