import type { Argument, Reading } from '../argument.ts'
import type { Place } from '../call.ts'
import type { EnvironmentRef, ServiceRef } from '../directory.ts'
import { UserError } from '../errors.ts'
import { andList, orList } from '../say.ts'
import { asText } from './as-text.ts'
import { findNamed } from './find-named.ts'
import { didYouMean, ranked } from './nearest.ts'

const MOST_NAMED = 8

/** A service of the environment that the call is about, by name. */
export function service(describe: string): Argument<ServiceRef> {
  return {
    describe,
    shape: { type: 'string', maxLength: 100 },
    said: 'service',
    required: true,
    read: (raw, reading) => readService(asText(raw), reading),
    async suggest(typed, { place, directory }) {
      const names = (await directory.services(place)).map(({ name }) => name)
      return ranked(typed, names).map((name) => ({ name, value: name }))
    },
  }
}

async function readService(typed: string, reading: Reading): Promise<ServiceRef> {
  const { directory, place } = reading
  const known = findNamed(typed, await directory.services(place)) ?? findNamed(typed, await directory.services(place, 'fresh'))
  if (known) return known
  const environments = await directory.environments(place)
  const here = environments.find(({ id }) => id === place.environment)?.name ?? 'this environment'
  const elsewhere = await environmentsWith(typed, environments, reading)
  if (elsewhere.length > 0) throw notHere(typed, here, elsewhere, reading)
  const names = (await directory.services(place)).map(({ name }) => name)
  const some =
    names.length > MOST_NAMED ? `${names.slice(0, MOST_NAMED).join(', ')} … (/services lists all ${names.length})` : andList(names)
  const hint = didYouMean(typed, names, names.length > 0 ? `It has ${some}.` : 'It has no services.')
  throw new UserError(`There is no service “${typed}” in ${here}, so nothing was done. ${hint}`)
}

function notHere(typed: string, here: string, elsewhere: readonly EnvironmentRef[], { command, raw }: Reading): UserError {
  const names = elsewhere.map(({ name }) => name)
  return new UserError(
    `“${typed}” is not in ${here}, but it is in ${orList(names)}. Nothing was done. Which one did you mean?`,
    elsewhere.slice(0, 5).map(({ name }) => ({
      label: `Use ${name}`.slice(0, 34),
      command,
      arguments: { ...raw, environment: name },
    })),
  )
}

async function environmentsWith(typed: string, environments: readonly EnvironmentRef[], { directory, place }: Reading) {
  const others = environments.filter(({ id }) => id !== place.environment)
  const found = await Promise.all(others.map(async ({ id }) => findNamed(typed, await directory.services(at(place, id)))))
  return others.filter((_, index) => found[index] !== undefined)
}

function at(place: Place, environment: string): Place {
  return { ...place, environment }
}
