import type { Place } from './call.ts'
import type { Directory } from './directory.ts'

/** What people call a place's environment; its id where the name is not known. */
export async function environmentName(directory: Pick<Directory, 'environments'>, place: Place): Promise<string> {
  const found = (await directory.environments(place)).find(({ id }) => id === place.environment)
  return found?.name ?? place.environment
}
