import type { Store } from '#src/adapters/store/store.ts'
import type { Place } from '#src/kernel/call.ts'
import type { DeploymentRef, Directory, ServiceRef } from '#src/kernel/directory.ts'
import type { Log } from '#src/kernel/log.ts'
import { version } from '#src/kernel/say.ts'
import type { Logs } from '#src/logs/logs.ts'
import { whoDeployed } from '#src/operations/who-deployed.ts'
import type { Evidence, EvidenceLine, Kept, Suspect } from './incident.ts'

export interface GatherParts {
  readonly store: Store
  readonly directory: Pick<Directory, 'deployments'>
  readonly logs: Logs
  readonly log: Log
}

/** A deployment that began longer before the trouble is not suspected, in ms: building and rolling out take their time. */
export const suspectWithinMs = 60 * 60_000
/** The trouble may have begun a little before it was seen to. */
const slackMs = 2 * 60_000
/** In one request; of a flood the beginning is looked for with some more. */
const linesRead = 1_000
const mostRequests = 9
const enoughLines = 50
const linesShown = 6
const longestLine = 300
const served = new Set(['SUCCESS', 'CRASHED', 'SLEEPING'])

/** Finds out what led to an incident. `complete` is false where something could not be asked: it may be another time. */
export function createGather({ store, directory, logs, log }: GatherParts) {
  return async (incident: Kept, service: ServiceRef): Promise<{ readonly evidence: Evidence; readonly complete: boolean }> => {
    const { place, since, evidence: known } = incident
    const [deployments, lines] = await Promise.allSettled([
      directory.deployments(place, service, 'fresh'),
      known.lines ? Promise.resolve(known.lines) : firstErrors(place, service, since),
    ])
    for (const result of [deployments, lines]) {
      if (result.status === 'rejected')
        log.info({ incident: incident.number, err: result.reason }, 'something about an incident could not be found out')
    }
    const history = deployments.status === 'fulfilled' ? deployments.value : []
    const suspect = known.suspect ?? (await suspectOf(history, since))
    const evidence: Evidence = {
      ...(suspect && { suspect }),
      ...(lines.status === 'fulfilled' && { lines: lines.value }),
      canRollBack: history.some(({ canRollback, status }) => canRollback && status === 'REMOVED'),
    }
    return { evidence, complete: deployments.status === 'fulfilled' && lines.status === 'fulfilled' }
  }

  async function suspectOf(history: readonly DeploymentRef[], since: Date): Promise<Suspect | undefined> {
    const found = history.find(({ status, createdAt }) => served.has(status) && createdAt.getTime() <= since.getTime() + slackMs)
    if (!found || since.getTime() - found.createdAt.getTime() > suspectWithinMs) return undefined
    const deployedBy = await whoDeployed(store.db, found.id)
    return {
      ...{ id: found.id, version: version(found), createdAt: found.createdAt.toISOString() },
      ...(found.message !== undefined && { message: found.message }),
      ...(found.author !== undefined && { author: found.author }),
      ...(deployedBy !== undefined && { deployedBy }),
    }
  }

  async function firstErrors(place: Place, service: ServiceRef, since: Date): Promise<readonly EvidenceLine[]> {
    const { lines, isAll } = await beginning(place, service, new Date(since.getTime() - slackMs))
    const times = (many: number) => (isAll ? `${many} times` : `at least ${many} times`)
    // What is said again and again leaves no room for the rest.
    return [...Map.groupBy(lines, ({ message }) => message.slice(0, longestLine).toWellFormed())]
      .slice(0, linesShown)
      .map(([message, said]) => ({
        at: said[0]!.at.toISOString(),
        message: said.length > 1 ? `${message} (${times(said.length)})` : message,
      }))
  }

  /** Railway answers the newest lines of a window: of a flood the end of the window is sought before which all is read. */
  async function beginning(place: Place, service: ServiceRef, from: Date) {
    const request = { service, deployment: undefined, kind: 'deploy', filter: '@level:error', lines: linesRead } as const
    const read = async (until?: Date) => {
      const { lines } = await logs.read(place, { ...request, since: from, ...(until && { until }) })
      return lines.filter(({ at }) => at >= from)
    }
    const newest = await read()
    if (newest.length < linesRead) return { lines: newest, isAll: true }
    let whole: typeof newest = []
    let cut = newest
    let [wholeUntil, cutFrom] = [from.getTime(), newest[0]!.at.getTime()]
    for (let requests = 1; requests < mostRequests && whole.length < enoughLines; requests += 1) {
      const until = Math.floor((wholeUntil + cutFrom) / 2)
      const lines = await read(new Date(until))
      if (lines.length < linesRead) [whole, wholeUntil] = [lines, until]
      else [cut, cutFrom] = [lines, lines[0]!.at.getTime()]
    }
    return { lines: [...whole, ...cut], isAll: false }
  }
}

export type Gather = ReturnType<typeof createGather>
