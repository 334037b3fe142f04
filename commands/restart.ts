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
    '(restart|bounce|reboot|recycle|cycle|power cycle|kick|relaunch|respawn|reload) {service} [again|once more]',
    'start {service} (again|over|afresh|anew)',
    '(restart|bounce|reboot) [all] [the] (processes|replicas|instances) of {service}',
    '(do|trigger|perform) [a] (restart|reboot) (of|for|on) {service}',
    'give {service} [a] [quick] (restart|reboot|bounce|kick)',
    '(turn|switch) {service} off and [back] on [again]',
    '(bring|take) {service} down and [back] up [again]',
    '[i] (get|have|need|want|would like) {service} (restarted|rebooted|bounced|recycled|relaunched)',
    '[i] (need|want|would like) [a] (restart|reboot) (of|for|on) {service}',
  ],
  change: ({ service }) => ({ kind: 'restart', service }),
})
