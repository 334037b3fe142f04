import { environment } from '#src/kernel/arguments/environment.ts'
import { service } from '#src/kernel/arguments/service.ts'
import { defineCommand, everywhere } from '#src/kernel/command.ts'

export default defineCommand({
  describe: 'Restart the processes of a service and wait until they run',
  role: 'operator',
  risk: 'change',
  doors: everywhere,
  answer: 'public',
  arguments: { service: service('the service to restart'), environment: environment() },
  says: ['restart {service} [in {environment}]', '(bounce|reboot) {service} [in {environment}]'],
  change: ({ service }) => ({ kind: 'restart', service }),
})
