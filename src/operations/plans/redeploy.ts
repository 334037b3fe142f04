import { UserError } from '#src/kernel/errors.ts'
import { stateWords, version } from '#src/kernel/say.ts'
import type { Change } from '../change.ts'
import { basics, newestOf, refuseUnsteady, versionFact } from './common.ts'
import type { Course } from './prepared.ts'

export const redeploy: Course<Extract<Change, { kind: 'redeploy' }>> = {
  steps: ['check', 'ask', 'follow', 'verify'],
  outcome: 'deployment',
  words: { doing: 'Redeploying', done: 'redeployed', preposition: 'in' },
  title: ({ service }, environment) => `Redeploy ${service.name} in ${environment.name}`,
  async prepare(_change, scene) {
    const { service, environment } = scene
    refuseUnsteady(scene)
    const again = newestOf(service)
    if (!again) {
      throw new UserError(`${service.name} was never deployed in ${environment.name}, so there is nothing to deploy again. Use /deploy.`)
    }
    if (!again.canRedeploy) {
      throw new UserError(
        `Railway cannot deploy ${version(again)} of ${service.name} again (Railway says: ${stateWords(again.status)}; its image may be gone). Nothing was done: use /deploy.`,
      )
    }
    return {
      ...basics(scene),
      deployment: again.id,
      expect: { commit: again.commit, image: again.image },
      sentence: `Deploy ${version(again)} of ${service.name} in ${environment.name} once more: the same image, without a build.`,
      facts: versionFact('Again', again),
    }
  },
  mutate: (railway, _target, { deployment }) => railway.redeploy(deployment!),
}
