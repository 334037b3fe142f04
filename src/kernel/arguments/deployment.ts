import type { Argument, Reading, Suggestion } from '../argument.ts'
import type { DeploymentRef, ServiceRef } from '../directory.ts'
import { UserError } from '../errors.ts'
import { moment } from '../say.ts'
import { asText } from './as-text.ts'
import { ranked } from './nearest.ts'

/** A deployment of the service that the argument `service` names: by id, the beginning of its id, or its commit. */
export function deployment(describe: string, suits: (deployment: DeploymentRef) => boolean = () => true): Argument<DeploymentRef> {
  return {
    describe,
    shape: { type: 'string', maxLength: 100 },
    required: true,
    async read(raw, reading) {
      const typed = asText(raw).trim()
      const service = await serviceOf(reading)
      if (!service) throw new UserError('Name the service as well, so nothing was done.')
      const { directory, place } = reading
      const found =
        find(typed, await directory.deployments(place, service)) ?? find(typed, await directory.deployments(place, service, 'fresh'))
      if (found) return found
      throw new UserError(`${service.name} has no deployment “${typed}”, so nothing was done. Pick one from the list, or see /deployments.`)
    },
    async suggest(typed, reading) {
      const service = await serviceOf(reading)
      if (!service) return []
      const suiting = (await reading.directory.deployments(reading.place, service)).filter(suits)
      const byLabel = new Map(suiting.map((each) => [deploymentLabel(each, suiting), each.id]))
      return ranked(typed, [...byLabel.keys()]).map((name): Suggestion => ({ name, value: byLabel.get(name)! }))
    },
  }
}

/** `1f3a9c2 · 21 Nov 06:12 · SUCCESS · fix the thing`, at most 100 characters; with its id where another of the same minute reads the same. */
function deploymentLabel(deployment: DeploymentRef, all: readonly DeploymentRef[]): string {
  const plain = partsOf(deployment)
  const isShared = all.some((each) => each.id !== deployment.id && partsOf(each).join() === plain.join())
  const parts = isShared ? [...plain, deployment.id.slice(0, 8)] : plain
  return [...parts, deployment.message?.split('\n')[0]].filter(Boolean).join(' · ').slice(0, 100)
}

function partsOf({ id, commit, image, createdAt, status }: DeploymentRef): readonly string[] {
  return [commit?.slice(0, 7) ?? image?.slice(-50) ?? id.slice(0, 8), moment(createdAt), status]
}

async function serviceOf({ raw, place, directory }: Reading): Promise<ServiceRef | undefined> {
  const typed = asText(raw.service)
  return (await directory.services(place)).find(({ id, name }) => name === typed || id === typed)
}

function find(typed: string, deployments: readonly DeploymentRef[]): DeploymentRef | undefined {
  const exact = deployments.find(({ id }) => id === typed)
  if (exact || typed.length < 6) return exact
  return deployments.find(({ id, commit }) => id.startsWith(typed) || commit?.startsWith(typed))
}
