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
  says: [
    '(restart|bounce|reboot|recycle|cycle|power cycle) {service} [again|once more]',
    'start {service} again',
    '(restart|bounce|reboot) [all] [the] (processes|replicas|instances) of {service}',
    '(do|trigger|perform) [a] (restart|reboot) (of|for|on) {service}',
    'give {service} [a] [quick] (restart|reboot|bounce|kick)',
    '(turn|switch) {service} off and [back] on [again]',
  ],
  change: ({ service }) => ({ kind: 'restart', service }),
})
