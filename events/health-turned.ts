import { z } from 'zod'
import type { Severity } from '#src/incidents/incidents.ts'
import { defineEvent } from '#src/kernel/event.ts'
import { sayCondition } from '#src/kernel/say.ts'
import type { Turned } from '#src/signals/signals.ts'

const ILL = ['down', 'degraded']
const WELL = ['healthy', 'sleeping', 'stopped']

/** A service went down, came up, or something between: its incident is opened, follows, or ends. */
export default defineEvent({
  on: 'health.turned',
  schema: z.custom<Turned>((value) => typeof value === 'object' && value !== null && 'service' in value && 'to' in value),
  needs: ['incidents', 'places', 'log'],
  when: ({ to }) => ILL.includes(to) || WELL.includes(to),
  async run({ place, environment, service, to, reason, since }, { incidents, places }) {
    const fingerprint = `health:${service.id}`
    if (WELL.includes(to)) {
      await incidents.over(place, fingerprint, `${sayCondition(service.name, to)}. ${reason}`)
      return
    }
    const isProduction = places.isProduction({ id: place.environment, name: environment })
    await incidents.report({
      ...{ place, environment, fingerprint, group: service.id, service, since },
      severity: severityOf(to, isProduction),
      outage: to === 'down',
      title: sayCondition(service.name, to),
      sentence: reason,
    })
  },
  onGaveUp: ({ service, to }, error, { log }) =>
    log.error({ err: error, service: service.name, to }, 'an incident does not follow a service'),
})

/** Where no customer is, nobody is woken. */
function severityOf(condition: string, isProduction: boolean): Severity {
  if (condition === 'down') return isProduction ? 'critical' : 'warning'
  return isProduction ? 'warning' : 'info'
}
