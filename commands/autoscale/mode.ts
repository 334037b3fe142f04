import { choice } from '#src/kernel/arguments/choice.ts'
import { environment } from '#src/kernel/arguments/environment.ts'
import { policy } from '#src/kernel/arguments/policy.ts'
import { defineCommand, peopleInDiscord } from '#src/kernel/command.ts'

const sentences = {
  act: 'acts from now on: replicas follow the load',
  simulate: 'only says from now on what it would do',
  off: 'is off: nothing is decided, and the load is recorded all the same',
} as const

export default defineCommand({
  describe: 'Let a scaling policy act, only say what it would do, or rest',
  role: 'admin',
  risk: 'change',
  doors: peopleInDiscord,
  answer: 'public',
  arguments: {
    policy: policy('scale'),
    mode: choice('what it does', ['act', 'simulate', 'off']),
    environment: environment(),
  },
  says: [],
  needs: ['scaling'],
  async run({ policy: name, mode }, { scaling, call }) {
    const { service, environment: where } = await scaling.switch(call, name, mode)
    return {
      title: `Autoscaling of ${service.name}`,
      tone: mode === 'act' ? 'good' : 'neutral',
      sentence: `The policy ${name} of ${service.name} in ${where} ${sentences[mode]}.`,
      actions: [{ label: 'Show', command: 'autoscale.show', arguments: { policy: name, environment: where } }],
    }
  },
})
