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
    '(scale|upscale|downscale|rescale|resize|grow|shrink|expand) [up|down|out|in] {service} [up|down|out|back] (to|with|at) {replicas} [replicas|instances|copies|pods|nodes]',
    '(set|bring|bump|put|take|turn|reduce|increase|raise|lower|resize|change|drop|cut|adjust|crank|dial|push|move|get) {service} [up|down|back] to {replicas} [replicas|instances|copies|pods|nodes]',
    '(bring|turn) (up|down) {service} to {replicas} [replicas|instances|copies]',
    '(set|change|increase|decrease|reduce|raise|lower|scale|bring|adjust) [up|down] [the] [number|count] [of] (replicas|instances|copies) [count] (of|for|on) {service} [up|down] to {replicas}',
    '(set|change|increase|decrease|reduce|raise|lower|adjust) [the] {service} (replicas|instances|copies) to {replicas}',
    '(run|start|have|use|spin up|fire up) {replicas} (replicas|instances|copies|pods) (of|for) {service}',
    '(go|get) [up|down] to {replicas} (replicas|instances|copies|pods) (of|for|on) {service}',
    '[i] (get|have|need|want|would like) {service} scaled [up|down|out] to {replicas} [replicas|instances|copies]',
    '[i] (need|want|would like) {service} (with|on|at|to have|to run|running|to be at) {replicas} [replicas|instances|copies]',
    'run {service} (with|on|at) {replicas} (replicas|instances|copies)',
    '(give|make) {service} [run|have] {replicas} (replicas|instances|copies)',
    '[i] (want|need|would like|give me|get me) {replicas} (replicas|instances|copies) (of|for) {service}',
    '{replicas} (replicas|instances|copies) (of|for) {service}',
    '{service} [up|down] to {replicas} (replicas|instances|copies)',
  ],
  change: ({ service, replicas, region }) => ({ kind: 'scale', service, replicas, region }),
})
