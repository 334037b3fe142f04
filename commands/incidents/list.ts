import type { Incident, Severity } from '#src/incidents/incidents.ts'
import { environment } from '#src/kernel/arguments/environment.ts'
import { flag } from '#src/kernel/arguments/flag.ts'
import { defineCommand, everywhere } from '#src/kernel/command.ts'
import { age, count } from '#src/kernel/say.ts'

const MOST_BUTTONS = 5
const MOST_RESOLVED = 15

const short: Readonly<Record<Severity, string>> = { critical: 'crit', warning: 'warn', info: 'info' }

export default defineCommand({
  describe: 'The incidents that are not over, or those that were resolved last',
  role: 'viewer',
  risk: 'read',
  doors: everywhere,
  answer: 'public',
  arguments: {
    resolved: flag('those that were resolved last'),
    environment: environment('only of this environment; left out: of all'),
  },
  says: ['[show|list|read|give] [me] [all] [the] open incidents', '(what|which) incidents are open', 'are there [any] open incidents'],
  needs: ['incidents', 'clock'],
  async run({ resolved, environment }, { incidents, clock, call }) {
    const where = environment === undefined ? {} : { environment: environment.id }
    const found = await incidents.list(call.place, { ...where, ...(resolved && { state: 'resolved', limit: MOST_RESOLVED }) })
    const title = resolved ? 'Resolved incidents' : 'Open incidents'
    const inWhich = environment === undefined ? '' : ` in ${environment.name}`
    if (found.length === 0) {
      return {
        title,
        tone: resolved ? 'neutral' : 'good',
        sentence: resolved ? `None was resolved${inWhich}.` : `No incident is open${inWhich}.`,
      }
    }
    const unattended = found.filter(({ state }) => state === 'open').length
    const isOne = new Set(found.map(({ place }) => place.environment)).size === 1
    const isMore = found.some((incident) => moreIn(incident) > 0)
    const critical = found.filter(({ severity }) => severity === 'critical').length
    return {
      title,
      tone: resolved ? 'neutral' : critical > 0 ? 'bad' : 'warning',
      sentence: resolved
        ? `${found.length === 1 ? 'The last incident that was' : `The last ${found.length} incidents that were`} resolved${inWhich}.`
        : `${count(found.length, 'incident')} ${found.length === 1 ? 'is' : 'are'} open${inWhich}, ${critical === 0 ? 'none' : critical} of them critical; ${unattended === 0 ? 'all are acknowledged' : `${unattended} not acknowledged`}.`,
      table: {
        head: ['No.', 'Is', 'What', ...(isMore ? ['+'] : []), 'Age'],
        dense: true,
        rows: found.map((incident) => [
          String(incident.number),
          `${short[incident.severity]}${incident.state === 'acknowledged' ? ' ✓' : ''}`,
          whatIn(incident, isOne),
          ...(isMore ? [moreIn(incident) > 0 ? String(moreIn(incident)) : ''] : []),
          age(incident.openedAt, clock.now()),
        ]),
      },
      actions: found
        .slice(0, MOST_BUTTONS)
        .map(({ number }) => ({ label: `Show ${number}`, command: 'incidents.show', arguments: { incident: number } })),
    }
  },
})

/** In few columns, what tells one from another first: `api: down`, and of several environments which. */
function whatIn({ title, service, environment }: Incident, isOne: boolean): string {
  const what = service && title.startsWith(`${service.name} is `) ? `${service.name}: ${title.slice(service.name.length + 4)}` : title
  return isOne ? what : `${environment}: ${what}`
}

/** Troubles besides the one that it is named after. */
function moreIn({ troubles }: Incident): number {
  return Math.max(0, troubles.length - 1)
}
