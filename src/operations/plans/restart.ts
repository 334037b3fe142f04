import { UserError } from '#src/kernel/errors.ts'
import { count, version } from '#src/kernel/say.ts'
import type { Change } from '../change.ts'
import { basics, refuseUnsteady, versionFact } from './common.ts'
import type { Course } from './prepared.ts'

export const restart: Course<Extract<Change, { kind: 'restart' }>> = {
  steps: ['check', 'ask', 'verify'],
  outcome: 'instances',
  words: { doing: 'Restarting', done: 'restarted', preposition: 'in' },
  title: ({ service }, environment) => `Restart ${service.name} in ${environment.name}`,
  async prepare(_change, scene) {
    const { service, environment } = scene
    refuseUnsteady(scene)
    const { serving } = service
    if (!serving || serving.stopped) {
      throw new UserError(
        `Nothing of ${service.name} runs in ${environment.name}, so there is nothing to restart. Use /deploy or /redeploy.`,
      )
    }
    return {
      ...basics(scene),
      deployment: serving.id,
      sentence: `Restart ${service.name} in ${environment.name}: ${count(service.replicas, 'replica')} of ${version(serving)}, without a build.`,
      facts: [...versionFact('Version', serving), { label: 'Replicas', value: String(service.replicas) }],
    }
  },
  async mutate(railway, _target, { deployment }) {
    await railway.restart(deployment!)
    return deployment
  },
}
