import { optional } from '#src/kernel/argument.ts'
import { deployment } from '#src/kernel/arguments/deployment.ts'
import { environment } from '#src/kernel/arguments/environment.ts'
import { service } from '#src/kernel/arguments/service.ts'
import { defineCommand, everywhere } from '#src/kernel/command.ts'

export default defineCommand({
  describe: 'Bring back an earlier deployment of a service, image and variables',
  role: 'deployer',
  risk: 'change',
  doors: everywhere,
  answer: 'public',
  arguments: {
    service: service('the service to roll back'),
    deployment: optional(deployment('which deployment; left out: the one before', ({ canRollback }) => canRollback)),
    environment: environment(),
  },
  says: ['(rollback|roll back) {service} [in {environment}]', 'undo the [last] deploy of {service} [in {environment}]'],
  change: ({ service, deployment }) => ({ kind: 'rollback', service, deployment }),
})
