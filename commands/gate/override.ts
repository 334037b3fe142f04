import { optional } from '#src/kernel/argument.ts'
import { duration } from '#src/kernel/arguments/duration.ts'
import { environment } from '#src/kernel/arguments/environment.ts'
import { service } from '#src/kernel/arguments/service.ts'
import { text } from '#src/kernel/arguments/text.ts'
import { actorName } from '#src/kernel/call.ts'
import { defineCommand, peopleInDiscord } from '#src/kernel/command.ts'
import { environmentName } from '#src/kernel/environment-name.ts'
import { moment } from '#src/kernel/say.ts'

const MINUTE = 60_000

export default defineCommand({
  describe: 'Let one deployment of a service through a gate that is shut, for a reason that stays in the audit',
  role: 'admin',
  risk: 'change',
  doors: peopleInDiscord,
  answer: 'public',
  arguments: {
    service: service('the service that may be deployed once'),
    reason: text('why it must be'),
    for: optional(
      duration('how long it may be used', { minMs: MINUTE, maxMs: 1_440 * MINUTE, common: ['15m', '30m', '1h', '4h'] }),
      30 * MINUTE,
    ),
    environment: environment(),
  },
  says: [],
  needs: ['gates', 'directory'],
  async run({ service, reason, for: forMs }, { gates, directory, call }) {
    const where = await environmentName(directory, call.place)
    const { until } = await gates.override(call, { service, reason, forMs })
    return {
      title: `Gate of ${where}`,
      tone: 'warning',
      sentence: `${actorName(call.actor)} lets one deployment of ${service.name} in ${where} through the gate, until ${moment(until)} UTC: ${reason}`,
      actions: [{ label: 'Deploy', command: 'deploy', arguments: { service: service.name, environment: where } }],
    }
  },
})
