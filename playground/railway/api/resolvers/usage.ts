import { type Billed, billed, type UsedThere } from '../../machine/bill.ts'
import type { Asking, Resolvers } from '../api.ts'
import { refusal } from '../graphql-errors.ts'

interface UsageArguments {
  readonly projectId?: string | null
  readonly workspaceId?: string | null
  readonly measurements: readonly string[]
  readonly groupBy?: readonly string[] | null
  readonly startDate?: Date | null
  readonly endDate?: Date | null
}

const dayMs = 86_400_000
const tags: Readonly<Record<string, { readonly name: string; readonly of: 'serviceId' | 'environmentId' }>> = {
  SERVICE_ID: { name: 'serviceId', of: 'serviceId' },
  ENVIRONMENT_ID: { name: 'environmentId', of: 'environmentId' },
}

/** What is billed: for workspace and account tokens only, as at Railway. The billing period begins with the month. */
export const usage = {
  Query: {
    usage(_: unknown, args: UsageArguments, asking) {
      const now = asking.clock.now()
      const until = Math.min(args.endDate?.getTime() ?? Number.POSITIVE_INFINITY, now.getTime())
      const used = usedBy(asking, args, args.startDate?.getTime() ?? periodOf(now).from, until)
      const keys = (args.groupBy ?? []).map((tag) => tags[tag]).filter((key) => key !== undefined)
      const groups = keys.length === 0 ? [used] : [...Map.groupBy(used, (one) => JSON.stringify(keys.map((key) => one[key.of]))).values()]
      return groups.flatMap((group) =>
        args.measurements.filter(isBilled).map((measurement) => ({
          measurement,
          tags: Object.fromEntries(keys.map((key) => [key.name, group[0]?.[key.of] ?? null])),
          value: sum(group, measurement),
        })),
      )
    },
    /** So far, and the rest of the period like its last day. */
    estimatedUsage(_: unknown, args: UsageArguments, asking) {
      const now = asking.clock.now()
      const period = periodOf(now)
      const at = now.getTime()
      const [soFar, lastDay] = [usedBy(asking, args, period.from, at), usedBy(asking, args, at - dayMs, at)]
      const daysLeft = (period.until - at) / dayMs
      return args.measurements.filter(isBilled).map((measurement) => ({
        measurement,
        estimatedValue: sum(soFar, measurement) + sum(lastDay, measurement) * daysLeft,
        projectId: args.projectId ?? asking.world.tables.projects[0]!.id,
      }))
    },
  },
} satisfies Resolvers

function usedBy({ access, world, bill }: Asking, { projectId, workspaceId }: UsageArguments, from: number, until: number) {
  access.wide()
  if (projectId) access.project(projectId)
  if (workspaceId && workspaceId !== world.tables.workspace.id) throw refusal('Workspace not found')
  return bill
    .used(from, Math.max(from, until))
    .filter(({ environmentId }) => !projectId || world.environment(environmentId)?.projectId === projectId)
}

function periodOf(now: Date): { readonly from: number; readonly until: number } {
  const [year, month] = [now.getUTCFullYear(), now.getUTCMonth()]
  return { from: Date.UTC(year, month), until: Date.UTC(year, month + 1) }
}

function sum(used: readonly UsedThere[], measurement: Billed): number {
  return used.reduce((total, one) => total + one.used[measurement], 0)
}

function isBilled(name: string): name is Billed {
  return billed.some((one) => one === name)
}
