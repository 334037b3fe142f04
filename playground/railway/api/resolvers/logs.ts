import { parseFilter } from '../../logs/log-filter.ts'
import type { StoredLine } from '../../logs/log-line.ts'
import type { LogKind, LogStore } from '../../logs/log-store.ts'
import { isOver } from '../../world/deployment-facts.ts'
import type { Deployment } from '../../world/model.ts'
import type { Asking, Resolvers, Subscribers } from '../api.ts'
import { stream } from '../changes.ts'

interface DeploymentLogArguments {
  readonly deploymentId: string
  readonly filter?: string | null
  readonly limit?: number | null
  readonly startDate?: Date | null
  readonly endDate?: Date | null
}

interface EnvironmentLogArguments {
  readonly environmentId: string
  readonly filter?: string | null
  /** RFC 3339: the oldest and the newest moment of the window, in Railway's words. */
  readonly beforeDate?: string | null
  readonly anchorDate?: string | null
  readonly beforeLimit?: number | null
}

const usualLimit = 100
const largestLimit = 5_000

/** Lines, oldest first. Railway answers one more than the limit; clients take the last. */
export const logs = {
  Query: {
    buildLogs: (_: unknown, args: DeploymentLogArguments, asking) => read(asking, args, 'build'),
    deploymentLogs: (_: unknown, args: DeploymentLogArguments, asking) => read(asking, args, 'deploy'),
    environmentLogs: (_: unknown, args: EnvironmentLogArguments, asking) => readEnvironment(asking, args),
  },
} satisfies Resolvers

export const logStreams = {
  buildLogs: (args: DeploymentLogArguments, asking) => follow(asking, args, 'build'),
  deploymentLogs: (args: DeploymentLogArguments, asking) => follow(asking, args, 'deploy'),
  environmentLogs(args: EnvironmentLogArguments, asking) {
    const wanted = parseFilter(args.filter)
    const { id } = asking.access.environment(args.environmentId)
    return lineStream(
      asking.logs,
      readEnvironment(asking, args),
      (line, kind) => kind === 'deploy' && line.tags.environmentId === id && wanted(line),
    )
  },
} satisfies Subscribers

function read({ access, logs: store }: Asking, args: DeploymentLogArguments, kind: LogKind): readonly StoredLine[] {
  const { id } = access.deployment(args.deploymentId)
  return newest(within(store.lines(id, kind), args.startDate, args.endDate).filter(parseFilter(args.filter)), args.limit)
}

function readEnvironment({ access, logs: store, world }: Asking, args: EnvironmentLogArguments): readonly StoredLine[] {
  const { id } = access.environment(args.environmentId)
  const deployments = world.tables.deployments.filter((one) => one.environmentId === id)
  const [from, until] = [dateOf(args.beforeDate), dateOf(args.anchorDate)]
  const lines = deployments.flatMap((one) => within(store.lines(one.id, 'deploy'), from, until).filter(parseFilter(args.filter)))
  return newest(
    lines.sort((one, other) => (one.timestamp < other.timestamp ? -1 : 1)),
    args.beforeLimit,
  )
}

function newest(lines: readonly StoredLine[], limit: number | null | undefined): readonly StoredLine[] {
  return lines.slice(-(Math.min(limit ?? usualLimit, largestLimit) + 1))
}

function within(lines: readonly StoredLine[], from: Date | null | undefined, until: Date | null | undefined): readonly StoredLine[] {
  if (!from && !until) return lines
  return lines.filter(({ timestamp }) => {
    const at = Date.parse(timestamp)
    return (!from || at >= from.getTime()) && (!until || at <= until.getTime())
  })
}

function dateOf(text: string | null | undefined): Date | undefined {
  return text ? new Date(text) : undefined
}

/** What is there, then each new line, in arrays; ends when the deployment (or its build) is over. */
function follow(asking: Asking, args: DeploymentLogArguments, kind: LogKind): AsyncIterableIterator<readonly StoredLine[]> {
  const { access, world, logs: store } = asking
  const deployment = access.deployment(args.deploymentId)
  const wanted = parseFilter(args.filter)
  const isOurs = (line: StoredLine, of: LogKind) => of === kind && line.tags.deploymentId === deployment.id && wanted(line)
  const isEnded = (one: Deployment) => (kind === 'build' ? one.wentLive || isOver(one) : isOver(one))
  return lineStream(store, read(asking, args, kind), isOurs, (end) => {
    const onChange = (changed: Deployment) => void (changed.id === deployment.id && isEnded(changed) && end())
    world.news.on('deployment', onChange)
    onChange(deployment)
    return () => world.news.off('deployment', onChange)
  })
}

function lineStream(
  store: LogStore,
  there: readonly StoredLine[],
  isWanted: (line: StoredLine, kind: LogKind) => boolean,
  untilEnd: (end: () => void) => () => void = () => () => {},
): AsyncIterableIterator<readonly StoredLine[]> {
  return stream((send, end) => {
    const onLine = (line: StoredLine, kind: LogKind) => void (isWanted(line, kind) && send([line]))
    if (there.length > 0) send(there)
    store.news.on('line', onLine)
    const stop = untilEnd(end)
    return () => {
      store.news.off('line', onLine)
      stop()
    }
  })
}
