import { optional } from '#src/kernel/argument.ts'
import { choice } from '#src/kernel/arguments/choice.ts'
import { decimal } from '#src/kernel/arguments/decimal.ts'
import { duration } from '#src/kernel/arguments/duration.ts'
import { environment } from '#src/kernel/arguments/environment.ts'
import { flag } from '#src/kernel/arguments/flag.ts'
import { service } from '#src/kernel/arguments/service.ts'
import { defineCommand, peopleInDiscord } from '#src/kernel/command.ts'
import { environmentName } from '#src/kernel/environment-name.ts'
import { UserError } from '#src/kernel/errors.ts'

const TEN = { min: 0, max: 10 } as const
const AGES = { minMs: 60_000, maxMs: 86_400_000, common: ['5m', '10m', '30m', '1h'] } as const

export default defineCommand({
  describe: 'Say what a deployment needs: level, harmony, which services are critical, how old a reading may be',
  role: 'admin',
  risk: 'change',
  doors: peopleInDiscord,
  answer: 'public',
  arguments: {
    service: optional(service('only this service; left out: the environment')),
    level: optional(decimal('least level, 0–10', TEN)),
    harmony: optional(decimal('least harmony, 0–10', TEN)),
    critical: optional(choice('whether the service is critical', ['yes', 'no'])),
    'critical-level': optional(decimal('least level for critical services, 0–10', TEN)),
    'critical-harmony': optional(decimal('least harmony for critical services, 0–10', TEN)),
    age: optional(duration('from which age a reading is as good as none', AGES)),
    gate: optional(choice('whether the environment has the gate', ['on', 'off'])),
    reset: flag('Back to how it is without any setting, before the others are set'),
    environment: environment(),
  },
  says: [],
  needs: ['gates', 'directory'],
  async run({ service, reset, ...asked }, { gates, directory, call }) {
    const { level, harmony, critical, gate, age: maxAgeMs, 'critical-level': criticalLevel, 'critical-harmony': criticalHarmony } = asked
    if (critical !== undefined && !service) throw new UserError('“critical” is for one service: name it. Nothing was done.')
    if (service && [gate, maxAgeMs, criticalLevel, criticalHarmony].some((each) => each !== undefined)) {
      throw new UserError(
        'The age, the gate itself and what critical services need are for a whole environment: leave the service out. Nothing was done.',
      )
    }
    const changed = {
      ...{ level, harmony, criticalLevel, criticalHarmony, maxAgeMs },
      critical: critical === undefined ? undefined : critical === 'yes',
      enabled: gate === undefined ? undefined : gate === 'on',
    }
    const isAsked = Object.values(changed).some((each) => each !== undefined)
    if (!isAsked && !reset) throw new UserError('Say what shall be set, so nothing was done. /gate show tells how it is.')
    if (reset) await gates.reset(call, service)
    if (isAsked) await gates.change(call, { service, ...changed })
    const where = await environmentName(directory, call.place)
    return {
      title: `Gate of ${where}`,
      tone: changed.enabled === false ? 'warning' : 'good',
      sentence: `The gate of ${where}${service ? ` for ${service.name}` : ''} is set${reset && !isAsked ? ' back' : ''}${changed.enabled === false ? ': it is off, and deployments need no reading' : ''}.`,
      actions: [{ label: 'The gate', command: 'gate.show', arguments: { environment: where } }],
    }
  },
})
