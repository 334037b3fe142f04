import { optional } from '#src/kernel/argument.ts'
import { choice } from '#src/kernel/arguments/choice.ts'
import { deployment } from '#src/kernel/arguments/deployment.ts'
import { environment } from '#src/kernel/arguments/environment.ts'
import { flag } from '#src/kernel/arguments/flag.ts'
import { integer } from '#src/kernel/arguments/integer.ts'
import { service } from '#src/kernel/arguments/service.ts'
import { text } from '#src/kernel/arguments/text.ts'
import { defineCommand, everywhere } from '#src/kernel/command.ts'
import { environmentName } from '#src/kernel/environment-name.ts'
import { count, version } from '#src/kernel/say.ts'

export default defineCommand({
  describe: 'The newest log lines of a service, once or live',
  role: 'operator',
  risk: 'read',
  doors: everywhere,
  answer: 'public',
  arguments: {
    service: service('the service'),
    follow: flag('keep showing new lines for 10 minutes', { said: ['follow', 'tail', 'stream', 'watch'] }),
    filter: optional(text('only lines that hold this text, or a Railway filter such as @level:error')),
    lines: optional(integer('how many lines', { min: 1, max: 500 }), 30),
    kind: optional(choice('what the deployment logged, or its build', ['deploy', 'build']), 'deploy'),
    deployment: optional(deployment('which deployment; left out: the one that serves')),
    environment: environment(),
  },
  says: [
    '[show|read|get|give|fetch|pull up|open|see|check] [me] [the] [latest|newest|last|recent] [{kind}] logs (of|for|from) {service}',
    '[show|read|get|give|fetch|pull up|open|see|check] [me] [the] [latest|newest|last|recent] {service} [{kind}] logs',
    '[show|read|get|give] [me] [the] (last|latest|newest) {lines} [log] lines (of|for|from) [the] {service} [logs]',
    '[show|read|get|give] [me] [the] (last|latest|newest) {lines} lines (of|from) [the] logs (of|for|from) {service}',
    '{follow} [the] [{kind}] logs (of|for|from) {service}',
    '{follow} [the] {service} [{kind}] logs',
    'what (do|does) [the] logs (of|for|from) {service} say',
    'what (do|does) [the] {service} logs say',
    'what (is|was) {service} logging',
    'what (is|was) in [the] logs (of|for|from) {service}',
    '(search|filter|grep) [the] logs (of|for|from) {service} for {filter}',
  ],
  needs: ['logs', 'tails', 'directory'],
  async run({ service, follow, filter, lines, kind, deployment }, { logs, tails, directory, call }) {
    const request = { service, deployment, kind, filter, lines }
    if (follow) return tails.start(call, request)
    const read = await logs.read(call.place, request)
    const where = await environmentName(directory, call.place)
    const title = `${kind === 'build' ? 'Build logs' : 'Logs'} of ${service.name} in ${where}`
    const matching = filter === undefined ? '' : ` with “${filter}”`
    if (read.lines.length === 0) {
      return {
        title,
        tone: 'neutral',
        sentence: `${service.name} (${version(read.deployment)}) has no ${kind === 'build' ? 'build log' : 'log lines'}${matching}.`,
      }
    }
    return {
      title,
      tone: 'neutral',
      sentence: `The newest ${read.lines.length === 1 ? 'log line' : count(read.lines.length, 'log line')}${matching} of ${service.name} (${version(read.deployment)}) in ${where}.`,
      table: {
        head: ['Time', 'Level', 'Line'],
        keep: 'last',
        rows: read.lines.map(({ at, severity, message }) => [at.toISOString().slice(11, 19), severity, message]),
      },
      actions: kind === 'deploy' ? [{ label: 'Follow', command: 'logs', arguments: { ...call.raw, follow: true } }] : [],
    }
  },
})
