import type { Environment, ServiceInstance, Variable } from '../../world/model.ts'
import { renderShared, renderVariables } from '../../world/variables.ts'
import type { Asking, Resolvers } from '../api.ts'
import { refusal } from '../graphql-errors.ts'
import { redeploy, redeployReaders } from './settings.ts'

interface Owner {
  readonly environmentId: string
  /** Left out: the environment's shared variables. */
  readonly serviceId?: string | null
}

/** Reading and writing variables. */
export const variables = {
  Query: {
    /** Sealed ones are never read again. */
    variables(_: unknown, args: Owner & { unrendered?: boolean | null }, asking) {
      const { environment, instance, own } = ownerOf(asking, args)
      const raw = Object.fromEntries(Object.entries(own).map(([name, { value }]) => [name, value]))
      const rendered = instance ? renderVariables(asking.world, instance) : renderShared(asking.world, environment)
      const all = args.unrendered ? raw : rendered
      return Object.fromEntries(Object.entries(all).filter(([name]) => !own[name]?.sealed))
    },
  },
  Mutation: {
    variableUpsert: (_: unknown, { input }: { input: Owner & { name: string; value: string; skipDeploys: boolean } }, asking) =>
      write(asking, input, { [input.name]: input.value }, input),
    variableCollectionUpsert(
      _: unknown,
      { input }: { input: Owner & { variables: Record<string, unknown>; replace: boolean; skipDeploys: boolean } },
      asking,
    ) {
      const values = Object.entries(input.variables).map(([name, value]) => {
        if (!['string', 'number', 'boolean'].includes(typeof value)) throw refusal(`Variable ${name} must be a string`, 'BAD_USER_INPUT')
        return [name, String(value)] as const
      })
      return write(asking, input, Object.fromEntries(values), input)
    },
    /** Always deploys: it has no skipDeploys. */
    variableDelete(_: unknown, { input }: { input: Owner & { name: string } }, asking) {
      const owner = ownerOf(asking, input)
      if (!(input.name in owner.own)) throw refusal('Variable not found')
      delete owner.own[input.name]
      deployAffected(asking, owner)
      return true
    },
  },
} satisfies Resolvers

interface Owned {
  readonly environment: Environment
  readonly instance: ServiceInstance | undefined
  readonly own: Record<string, Variable>
}

function ownerOf({ access }: Asking, { environmentId, serviceId }: Owner): Owned {
  const environment = access.environment(environmentId)
  const instance = serviceId ? access.instance(serviceId, environmentId) : undefined
  return { environment, instance, own: instance ? instance.variables : environment.shared }
}

function write(
  asking: Asking,
  at: Owner,
  values: Readonly<Record<string, string>>,
  { replace = false, skipDeploys }: { readonly replace?: boolean; readonly skipDeploys: boolean },
): boolean {
  const bad = Object.keys(values).find((name) => !/^[A-Za-z_][A-Za-z0-9_]*$/.test(name))
  if (bad !== undefined) throw refusal(`${JSON.stringify(bad)} is not a variable name`, 'BAD_USER_INPUT')
  const owner = ownerOf(asking, at)
  const { own } = owner
  if (replace) for (const name of Object.keys(own)) if (!(name in values)) delete own[name]
  for (const [name, value] of Object.entries(values)) own[name] = { value, sealed: own[name]?.sealed ?? false }
  asking.world.changed()
  if (!skipDeploys) deployAffected(asking, owner)
  return true
}

function deployAffected(asking: Asking, { environment, instance }: Owned): void {
  if (instance) redeploy(asking, instance)
  else redeployReaders(asking, environment)
}
