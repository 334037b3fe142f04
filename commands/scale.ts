import { optional } from '#src/kernel/argument.ts'
import { environment } from '#src/kernel/arguments/environment.ts'
import { integer } from '#src/kernel/arguments/integer.ts'
import { service } from '#src/kernel/arguments/service.ts'
import { text } from '#src/kernel/arguments/text.ts'
import { defineCommand, everywhere } from '#src/kernel/command.ts'

export default defineCommand({
  describe: 'Change how many replicas of a service run',
  role: 'operator',
  risk: 'change',
  doors: everywhere,
  answer: 'public',
  arguments: {
    service: service('the service to scale'),
    replicas: integer('how many replicas, in all or in the region that is named', { min: 1, max: 50 }),
    region: optional(text('only in this region, such as europe-west4-drams3a')),
    environment: environment(),
  },
  says: [
    'scale {service} to {replicas} [replicas|instances|copies] [in {environment}]',
    '(set|bring) {service} [up|down] to {replicas}',
    'run {replicas} (replicas|instances|copies) of {service}',
  ],
  change: ({ service, replicas, region }) => ({ kind: 'scale', service, replicas, region }),
})
