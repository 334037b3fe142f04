import { environment } from '#src/kernel/arguments/environment.ts'
import { service } from '#src/kernel/arguments/service.ts'
import { defineCommand, everywhere } from '#src/kernel/command.ts'

export default defineCommand({
  describe: 'Deploy what runs now once more: the same image, no build',
  role: 'deployer',
  risk: 'change',
  doors: everywhere,
  answer: 'public',
  arguments: { service: service('the service to deploy again'), environment: environment() },
  says: ['redeploy {service} [in {environment}]', 'deploy {service} again [in {environment}]'],
  change: ({ service }) => ({ kind: 'redeploy', service }),
})
