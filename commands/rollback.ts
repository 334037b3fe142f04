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
  says: [
    '(rollback|roll back|revert|back out|downgrade|undo) {service}',
    'back {service} out',
    '(roll|switch|put|move|take|set|bring|get) {service} back',
    '(rollback|roll back|revert) {service} to [the|its] (previous|last|earlier|old|older|prior|former) [good|stable|working] (version|deployment|deploy|release|build|one)',
    '(roll|switch|put|move|take|set|bring|get) {service} back to [the|its] (previous|last|earlier|old|older|prior|former) [good|stable|working] (version|deployment|deploy|release|build|one)',
    '(rollback|roll back|revert|go back|return|switch back) to [the] (previous|last|earlier|old|older|prior|former) [good|stable|working] (version|deployment|deploy|release|build|one) (of|for|on) {service}',
    '(undo|revert|rollback|roll back|reverse) [the] [last|latest|newest] (deploy|deployment|release) (of|to|for|on) {service}',
    '(roll|switch|put|move|take|set|bring|get|step|go) {service} back (one|a) (version|deployment|deploy|release|build)',
    '[i] (get|have|need|want|would like) {service} (rolled back|reverted|backed out)',
    '[i] (need|want|would like) [a] (rollback|roll back) (of|for|on) {service}',
    '(do|trigger|perform|start) [a] (rollback|roll back) (of|for|on) {service}',
    '(bring back|restore) [the] (previous|last|earlier|old|older|prior|former) [good|stable|working] (version|deployment|deploy|release|build|one) of {service}',
    '(restore|return) {service} to [the|its] (previous|last|earlier|old|older|prior|former) [good|stable|working] (version|deployment|deploy|release|build|one)',
  ],
  change: ({ service, deployment }) => ({ kind: 'rollback', service, deployment }),
})
