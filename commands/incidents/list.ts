import { environment } from '#src/kernel/arguments/environment.ts'
import { flag } from '#src/kernel/arguments/flag.ts'
import { defineCommand, everywhere } from '#src/kernel/command.ts'
import { age, count } from '#src/kernel/say.ts'

const MOST_BUTTONS = 5
const MOST_RESOLVED = 15

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
    const critical = found.filter(({ severity }) => severity === 'critical').length
    return {
      title,
      tone: resolved ? 'neutral' : critical > 0 ? 'bad' : 'warning',
      sentence: resolved
        ? `${found.length === 1 ? 'The last incident that was' : `The last ${found.length} incidents that were`} resolved${inWhich}.`
        : `${count(found.length, 'incident')} ${found.length === 1 ? 'is' : 'are'} open${inWhich}, ${critical === 0 ? 'none' : critical} of them critical; ${unattended === 0 ? 'all are acknowledged' : `${unattended} not acknowledged`}.`,
      table: {
        head: ['No.', 'What', 'State', 'Age'],
        rows: found.map(({ number, title, environment, severity, state, openedAt }) => [
          String(number),
          `${title} (${environment})`,
          state === 'resolved' ? severity : `${severity}, ${state}`,
          age(openedAt, clock.now()),
        ]),
      },
      actions: found
        .slice(0, MOST_BUTTONS)
        .map(({ number }) => ({ label: `Show ${number}`, command: 'incidents.show', arguments: { incident: number } })),
    }
  },
})
