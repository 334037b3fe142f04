import { UserError } from '#src/kernel/errors.ts'
import type { PolicyOf } from '#src/policies/shape.ts'

/** Two policies would pull one service in two directions, and a name taken over would leave the other service alone. Throws UserError. */
export function onePerService({ name, service }: PolicyOf, others: readonly PolicyOf[]): void {
  const named = others.find((each) => each.name === name)
  if (named && named.service.id !== service.id) {
    throw new UserError(`The policy “${name}” is of ${named.service.name}, so nothing was set. Choose another name for ${service.name}’s.`)
  }
  const own = others.find((each) => each.service.id === service.id)
  if (own && own.name !== name) {
    throw new UserError(`${service.name} is scaled by the policy “${own.name}” already, so nothing was set: change that one, or remove it.`)
  }
}
