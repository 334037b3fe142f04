import { UserError } from '#src/kernel/errors.ts'
import type { Change } from '../change.ts'
import { basics, refuseUnsteady, versionFact } from './common.ts'
import type { Course } from './prepared.ts'

export const deploy: Course<Extract<Change, { kind: 'deploy' }>> = {
  steps: ['check', 'ask', 'follow', 'verify'],
  outcome: 'deployment',
  words: { doing: 'Deploying', done: 'deployed', preposition: 'to' },
  title: ({ service }, environment) => `Deploy ${service.name} to ${environment.name}`,
  async prepare({ commit }, scene) {
    const { service, environment } = scene
    const { source, serving } = service
    refuseUnsteady(scene)
    if (commit !== undefined && source.repo === undefined) {
      const from = source.image === undefined ? 'no repository' : `the image ${source.image}`
      throw new UserError(`${service.name} is deployed from ${from}, so a commit cannot be chosen. Nothing was done: leave the commit out.`)
    }
    const what = commit?.slice(0, 7) ?? (source.image === undefined ? 'the newest commit' : `the newest image of ${source.image}`)
    const { before, basis, seen, ...rest } = basics(scene)
    const inPlaceOf = before ? ` in place of ${before.version}` : ', for the first time'
    return {
      ...rest,
      ...(before && { before }),
      ...(commit !== undefined && { commit }),
      basis: { ...basis, commit },
      seen: [...seen, { label: 'Commit', value: what }],
      expect: { commit },
      sentence: `Deploy ${service.name} to ${environment.name}: ${commit === undefined ? what : `commit ${what}`}${inPlaceOf}.`,
      facts: [...versionFact('From', serving), { label: 'To', value: what }],
    }
  },
  async mutate(railway, target, { commit }) {
    if (commit !== undefined) return railway.deploy({ ...target, commit })
    await railway.deployLatest(target)
    return undefined
  },
}
