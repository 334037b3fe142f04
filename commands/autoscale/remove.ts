import { environment } from '#src/kernel/arguments/environment.ts'
import { policy } from '#src/kernel/arguments/policy.ts'
import { defineCommand, peopleInDiscord } from '#src/kernel/command.ts'

export default defineCommand({
  describe: 'Take a scaling policy away; the service stays as it is',
  role: 'admin',
  risk: 'change',
  doors: peopleInDiscord,
  answer: 'public',
  arguments: { policy: policy('scale'), environment: environment() },
  says: [],
  needs: ['scaling'],
  async run({ policy: name }, { scaling, call }) {
    const { service, environment: where } = await scaling.remove(call, name)
    return {
      title: `Autoscaling of ${service.name}`,
      tone: 'good',
      sentence: `The policy ${name} is gone: ${service.name} in ${where} stays as large as it is.`,
    }
  },
})
