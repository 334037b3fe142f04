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
  says: [
    'redeploy {service} [to {environment}]',
    '(deploy|ship|release|push) {service} (again|once more|once again|one more time|another time)',
    'deploy (again|once more) {service}',
    '(do|start|trigger|make) [a] (redeploy|redeployment) (of|for|on) {service}',
    '[i] (get|have|need|want|would like) {service} (redeployed|deployed again)',
    '[i] (need|want|would like) [a] (redeploy|redeployment) (of|for) {service}',
    'give {service} (another|a new|a fresh) (deploy|deployment)',
    '(rerun|repeat|redo) [the] [last|latest] (deploy|deployment|release) of {service}',
  ],
  change: ({ service }) => ({ kind: 'redeploy', service }),
})
