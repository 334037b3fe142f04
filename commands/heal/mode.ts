import { choice } from '#src/kernel/arguments/choice.ts'
import { environment } from '#src/kernel/arguments/environment.ts'
import { policy } from '#src/kernel/arguments/policy.ts'
import { defineCommand, peopleInDiscord } from '#src/kernel/command.ts'

const modes = {
  act: 'acts by itself from now on, beginning with its first step',
  simulate: 'only simulates from now on: it tells what it would do, and does nothing',
  off: 'is off: it does not even look',
} as const

export default defineCommand({
  describe: 'Let a healing policy act, only simulate, or switch it off',
  role: 'admin',
  risk: 'change',
  doors: peopleInDiscord,
  answer: 'public',
  arguments: {
    policy: policy('heal'),
    mode: choice('what it does from now on', ['act', 'simulate', 'off']),
    environment: environment(),
  },
  says: [],
  needs: ['healing'],
  async run({ policy: name, mode }, { healing, call }) {
    const set = await healing.switch(call, name, mode)
    return {
      title: `Healing policy ${set.name}`,
      tone: mode === 'act' ? 'good' : 'neutral',
      sentence: `${set.name} ${modes[mode]}. ${healing.describe(set)}`,
      actions: [{ label: 'How it stands', command: 'heal.show', arguments: { policy: set.name, environment: set.environment } }],
    }
  },
})
