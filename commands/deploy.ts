import { optional } from '#src/kernel/argument.ts'
import { commit } from '#src/kernel/arguments/commit.ts'
import { environment } from '#src/kernel/arguments/environment.ts'
import { service } from '#src/kernel/arguments/service.ts'
import { defineCommand, everywhere } from '#src/kernel/command.ts'

export default defineCommand({
  describe: 'Deploy a service and follow it until it is healthy',
  role: 'deployer',
  risk: 'change',
  doors: everywhere,
  answer: 'public',
  arguments: {
    service: service('the service to deploy'),
    commit: optional(commit('which commit; left out: the newest of its branch (or the newest image)')),
    environment: environment(),
  },
  says: ['deploy {service} [to {environment}]', '(ship|release) {service} [to {environment}]'],
  change: ({ service, commit }) => ({ kind: 'deploy', service, commit }),
})
