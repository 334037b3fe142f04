import { environment } from '#src/kernel/arguments/environment.ts'
import { policy } from '#src/kernel/arguments/policy.ts'
import { defineCommand, peopleInDiscord } from '#src/kernel/command.ts'

export default defineCommand({
  describe: 'Take a healing policy away; what it began goes on to its end',
  role: 'admin',
  risk: 'change',
  doors: peopleInDiscord,
  answer: 'public',
  arguments: { policy: policy('heal'), environment: environment() },
  says: [],
  needs: ['healing'],
  async run({ policy: name }, { healing, call }) {
    const gone = await healing.remove(call, name)
    return {
      title: `Healing policy ${gone.name}`,
      tone: 'good',
      sentence: `${gone.name} is gone; ${gone.service.name} is not healed by it any more. It was: ${healing.describe(gone)}`,
    }
  },
})
