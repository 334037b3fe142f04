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
  says: [
    '(deploy|ship|release|publish|launch|deliver) [out] [the] [latest|newest] {service} [to {environment}]',
    'deploy [the] (latest|newest|new) (version|commit|build|code) of {service}',
    '(push|roll) out {service} [to {environment}]',
    '(push|ship|roll) {service} out',
    'push {service} [to {environment}]',
    '(do|run|start|trigger|make|begin|kick off) [a] (deploy|deployment|release) (of|for|on) {service}',
    '(put|send|get|bring|take|move) {service} [out|over] (in|into|on|onto|to) {environment}',
    '(get|bring|take|put|push|make) {service} (out|live|deployed|shipped|released)',
    '[i] (have|need|want|would like) {service} (out|live|deployed|shipped|released)',
    '[i] (need|want|would like) [a] (deploy|deployment|release) (of|for) {service}',
    'go live with {service}',
    '(update|upgrade) {service} to [the] (latest|newest) [version|commit|build]',
  ],
  change: ({ service, commit }) => ({ kind: 'deploy', service, commit }),
})
