import { optional } from '#src/kernel/argument.ts'
import { environment } from '#src/kernel/arguments/environment.ts'
import { integer } from '#src/kernel/arguments/integer.ts'
import { service } from '#src/kernel/arguments/service.ts'
import type { Call } from '#src/kernel/call.ts'
import { defineCommand, everywhere } from '#src/kernel/command.ts'
import type { DeploymentRef, ServiceRef } from '#src/kernel/directory.ts'
import type { Action } from '#src/kernel/report.ts'
import { ago, count, firstLine, version } from '#src/kernel/say.ts'

export default defineCommand({
  describe: 'The latest deployments of a service, and which can be brought back',
  role: 'viewer',
  risk: 'read',
  doors: everywhere,
  answer: 'public',
  arguments: {
    service: service('the service'),
    count: optional(integer('how many', { min: 1, max: 25 }), 10),
    environment: environment(),
  },
  says: ['(show|list) [the] deployments of {service} [in {environment}]', 'what was deployed to {service}'],
  needs: ['directory', 'clock'],
  async run({ service, count: most }, { directory, clock, call }) {
    const all = await directory.deployments(call.place, service, 'fresh')
    const shown = all.slice(0, most)
    const [newest] = shown
    if (!newest) return { title: `Deployments of ${service.name}`, tone: 'neutral', sentence: `${service.name} was never deployed here.` }
    const now = clock.now()
    const target = all.find(({ canRollback, status }) => canRollback && status === 'REMOVED')
    return {
      title: `Deployments of ${service.name}`,
      tone: newest.status === 'FAILED' || newest.status === 'CRASHED' ? 'bad' : 'neutral',
      sentence:
        `The newest of ${count(shown.length, 'deployment')} is ${version(newest)}, ${newest.status} since ${ago(newest.createdAt, now)}.` +
        (target ? ` It can be rolled back to ${version(target)}.` : ' Nothing earlier can be rolled back to.'),
      table: {
        head: ['Version', 'Status', 'When', 'Back?', 'What'],
        rows: shown.map((each) => [
          version(each),
          each.status,
          ago(each.createdAt, now),
          each.canRollback ? 'yes' : 'no',
          firstLine(each.message),
        ]),
      },
      actions: target ? [rollbackTo(target, service, call)] : [],
    }
  },
})

function rollbackTo(target: DeploymentRef, service: ServiceRef, { raw }: Call): Action {
  const environment = raw.environment === undefined ? {} : { environment: raw.environment }
  return {
    label: `Roll back to ${version(target)}`,
    command: 'rollback',
    arguments: { service: service.name, deployment: target.id, ...environment },
    danger: true,
  }
}
