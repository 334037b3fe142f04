import type { DeploymentState } from '#src/adapters/railway/railway.ts'
import { UserError } from '#src/kernel/errors.ts'
import { exactly, firstLine, version } from '#src/kernel/say.ts'
import type { Change } from '../change.ts'
import { basics, refuseUnsteady } from './common.ts'
import type { Course, Scene } from './prepared.ts'

type Rollback = Extract<Change, { kind: 'rollback' }>

export const rollback: Course<Rollback> = {
  steps: ['check', 'ask', 'follow', 'verify'],
  outcome: 'deployment',
  words: { doing: 'Rolling back', done: 'rolled back', preposition: 'in' },
  title: ({ service }, environment) => `Roll back ${service.name} in ${environment.name}`,
  async prepare({ deployment }, scene) {
    const { service, environment } = scene
    refuseUnsteady(scene)
    const goal = deployment ? await named(deployment.id, scene) : await theOneBefore(scene)
    const { basis, seen, ...rest } = basics(scene)
    const { serving } = service
    const called = serving && version(serving) === version(goal) ? exactly : version
    return {
      ...rest,
      basis: { ...basis, goal: goal.id },
      seen: [...seen, { label: 'What it goes back to', value: exactly(goal) }],
      deployment: goal.id,
      expect: { commit: goal.commit, image: goal.image },
      sentence: `Roll ${service.name} in ${environment.name} back to ${called(goal)}, image and variables${serving ? `, in place of ${called(serving)}` : ''}.`,
      facts: [
        { label: 'From', value: serving ? inFull(serving) : 'nothing' },
        { label: 'Back to', value: inFull(goal) },
      ],
    }
  },
  async mutate(railway, _target, { deployment }) {
    await railway.rollback(deployment!)
    return undefined
  },
}

function inFull(deployment: DeploymentState): string {
  const message = firstLine(deployment.message)
  return message === '' ? exactly(deployment) : `${exactly(deployment)}: ${message}`
}

async function named(id: string, { service, environment, deployments }: Scene): Promise<DeploymentState> {
  const goal = (await deployments()).find((each) => each.id === id)
  if (!goal) {
    throw new UserError(`${service.name} in ${environment.name} has no deployment ${id.slice(0, 8)} among its newest, so nothing was done.`)
  }
  if (goal.id === service.serving?.id) {
    throw new UserError(`${version(goal)} is what serves ${service.name} in ${environment.name} already, so nothing was done.`)
  }
  if (!goal.canRollback) {
    throw new UserError(
      `Railway cannot roll ${service.name} back to ${version(goal)}: ${goal.status === 'REMOVED' ? 'its image is gone (Railway keeps images for some days only, by plan)' : `it never went live, or its image is gone (Railway keeps images for some days only, by plan)`}. Nothing was done.`,
    )
  }
  return goal
}

async function theOneBefore({ service, environment, deployments }: Scene): Promise<DeploymentState> {
  const all = await deployments()
  const from = service.serving ? all.findIndex(({ id }) => id === service.serving?.id) + 1 : 0
  const goal = all.slice(from).find(({ canRollback }) => canRollback)
  if (goal) return goal
  const kept = all.length > from ? ' Railway keeps images for some days only, by plan, and the earlier ones are gone.' : ''
  throw new UserError(
    `${service.name} has no earlier deployment in ${environment.name} that can be brought back, so nothing was done.${kept}`,
  )
}
