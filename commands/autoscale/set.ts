import { optional } from '#src/kernel/argument.ts'
import { choice } from '#src/kernel/arguments/choice.ts'
import { environment } from '#src/kernel/arguments/environment.ts'
import { integer } from '#src/kernel/arguments/integer.ts'
import { service } from '#src/kernel/arguments/service.ts'
import { text } from '#src/kernel/arguments/text.ts'
import { timeZone } from '#src/kernel/arguments/time-zone.ts'
import { defineCommand, peopleInDiscord } from '#src/kernel/command.ts'

const words = (describe: string, max = 20) => optional(text(describe, { max }))
const replicas = (describe: string, max: number) => optional(integer(describe, { min: 1, max }))

export default defineCommand({
  describe: 'Keep a service as large as its load needs; “none” takes a rule away',
  role: 'admin',
  risk: 'change',
  doors: peopleInDiscord,
  answer: 'public',
  arguments: {
    service: service('the service to keep as large as it must be'),
    name: words('the policy’s name; left out: the service’s', 50),
    min: replicas('at least so many replicas; left out: 1', 50),
    max: replicas('at most so many replicas', 50),
    cpu: words('CPU of each replica: 70%, or 0.5 (vCPU)'),
    memory: words('memory of each replica: 80%, or 0.4 (GB)'),
    requests: words('requests a second for each replica: 20'),
    latency: words('p95 that shall not be exceeded: 800ms'),
    queue: words('a list or a stream in Redis, by its key', 200),
    group: words('queue: of a stream its consumer group', 200),
    each: words('queue: so many waiting messages for each replica'),
    tolerance: words('so near the target nothing is done; left out: 10%'),
    'up-after': words('how long more must be needed before replicas are added; left out: 30s'),
    'up-cooldown': words('how long after an act none is added; left out: 2m'),
    'up-step': replicas('at most so many are added at once; left out: 4', 49),
    'down-after': words('how long fewer must do before replicas are taken away; left out: 5m'),
    'down-cooldown': words('how long after an act none is taken away; left out: 5m'),
    'down-step': replicas('at most so many are taken away at once; left out: 1', 49),
    schedule: words('other bounds at times: mon-fri 08:00-20:00 min 3 max 8; sat,sun 10:00-18:00 max 2', 1_000),
    'time-zone': optional(timeZone('of the schedule, such as Europe/Berlin; left out: UTC')),
    consciousness: words('what a low level changes: below 5 hold, below 5 keep, below 5 more 50%', 40),
    'per-hour': optional(integer('at most so many acts an hour; left out: 12', { min: 1, max: 60 })),
    dollars: words('what all replicas may cost together, in dollars a month'),
    mode: optional(choice('act, or only say what it would do; left out: as it was, else act', ['act', 'simulate', 'off'])),
    environment: environment(),
  },
  says: [],
  needs: ['scaling'],
  async run({ service, name, mode, environment: _, ...options }, { scaling, call }) {
    const { policy, says, rules, isNew } = await scaling.set(call, { service, name, mode, options })
    const will = { act: 'Helix keeps', simulate: 'Helix only says how it would keep', off: 'It is off; switched on, Helix keeps' }[
      policy.mode
    ]
    return {
      title: `Autoscaling of ${service.name}`,
      tone: 'good',
      sentence: `${isNew ? 'From now on' : 'Set anew.'} ${will} ${service.name} in ${policy.environment} at ${says}.`,
      facts: [...rules, { label: 'Policy', value: `${policy.name}, confirmed by ${policy.byName}` }],
      actions: [
        { label: 'Show', command: 'autoscale.show', arguments: { policy: policy.name, environment: policy.environment } },
        { label: 'Simulate', command: 'autoscale.simulate', arguments: { policy: policy.name, environment: policy.environment } },
      ],
    }
  },
})
