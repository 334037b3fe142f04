import { optional } from '#src/kernel/argument.ts'
import { environment } from '#src/kernel/arguments/environment.ts'
import { integer } from '#src/kernel/arguments/integer.ts'
import { service } from '#src/kernel/arguments/service.ts'
import type { Call } from '#src/kernel/call.ts'
import { defineCommand, everywhere } from '#src/kernel/command.ts'
import type { DeploymentRef, ServiceRef } from '#src/kernel/directory.ts'
import { environmentName } from '#src/kernel/environment-name.ts'
import type { Action } from '#src/kernel/report.ts'
import { age, ago, exactly, firstLine, moment, stateWords, version } from '#src/kernel/say.ts'

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
  says: [
    '[show|list|read|get|give] [me] [all] [the] [last|latest|recent|newest] [{count}] (deployments|deploys|releases|versions) (of|for|to|from) {service}',
    '[show|list|read|get|give] [me] [all] [the] [last|latest|recent|newest] [{count}] {service} (deployments|deploys|releases|versions)',
    '[show|list|read|get|give] [me] [the] (deployment|deploy|release) history (of|for) {service}',
    '(what|who) (was|has been|has) [last] deployed (to|on) {service}',
    'who [last] (deployed|released|shipped) {service}',
    'when was {service} [last] (deployed|released|shipped|updated)',
    'when was [the] last (deploy|deployment|release) of {service}',
    '(which|what) version (of {service} is|is {service}) (running|live|deployed|on)',
    'what was [the] last (deploy|deployment|release) of {service}',
  ],
  needs: ['directory', 'clock'],
  async run({ service, count: most }, { directory, clock, call }) {
    const all = await directory.deployments(call.place, service, 'fresh')
    const shown = all.slice(0, most)
    const [newest] = shown
    const where = await environmentName(directory, call.place)
    const title = `Deployments of ${service.name} in ${where}`
    if (!newest) return { title, tone: 'neutral', sentence: `${service.name} was never deployed in ${where}.` }
    const now = clock.now()
    const isUnderWay = ['QUEUED', 'WAITING', 'INITIALIZING', 'BUILDING', 'DEPLOYING'].includes(newest.status)
    const target = isUnderWay ? undefined : all.find(({ canRollback, status }) => canRollback && status === 'REMOVED')
    const isTwin = target !== undefined && version(target) === version(newest)
    return {
      title,
      tone: newest.status === 'FAILED' || newest.status === 'CRASHED' ? 'bad' : 'neutral',
      sentence:
        `The newest deployment of ${service.name} in ${where} is ${version(newest)} (${stateWords(newest.status)}), begun ${ago(newest.createdAt, now)}.` +
        (isUnderWay
          ? ''
          : target
            ? ` It can be rolled back to ${isTwin ? exactly(target) : version(target)}.`
            : ' Nothing earlier can be rolled back to.'),
      table: {
        head: ['Version', 'Status', 'Age', 'What'],
        rows: shown.map((each) => [version(each), stateWords(each.status), age(each.createdAt, now), firstLine(each.message, 15)]),
      },
      actions: target ? [rollbackTo(target, isTwin, service, call)] : [],
    }
  },
})

function rollbackTo(target: DeploymentRef, isTwin: boolean, service: ServiceRef, { raw }: Call): Action {
  const environment = raw.environment === undefined ? {} : { environment: raw.environment }
  return {
    label: `Roll back to ${version(target)}${isTwin ? ` of ${moment(target.createdAt)}` : ''}`,
    command: 'rollback',
    arguments: { service: service.name, deployment: target.id, ...environment },
    danger: true,
  }
}
