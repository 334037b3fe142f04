import { z } from 'zod'
import type { Railway } from '#src/adapters/railway/railway.ts'
import type { Place } from '#src/kernel/call.ts'
import type { EnvironmentSignals } from '#src/signals/signals.ts'

/** What a project costs, in USD. */
export const costs = z.object({
  /** In ms since 1970. */
  at: z.number(),
  /** Undefined where the token may not ask. */
  cost: z
    .object({
      current: z.number(),
      estimate: z.number(),
      lastDay: z.number(),
      usualDay: z.number().optional(),
      /** What cost most in the last day. */
      dearest: z.array(z.object({ name: z.string(), cost: z.number() })),
    })
    .optional(),
})
export type Costs = Readonly<z.infer<typeof costs>>

const mostNamed = 3

/** With ONE request. Throws UpstreamError. */
export async function readCosts(
  railway: Pick<Railway, 'cost'>,
  { project }: Place,
  services: EnvironmentSignals['services'],
  now: number,
): Promise<Costs> {
  const cost = await railway.cost(project)
  if (!cost) return { at: now }
  const names = new Map(services.map(({ service }) => [service.id, service.name]))
  const { current, estimate, lastDay, usualDay, byService } = cost
  const named = byService.slice(0, mostNamed).filter((each) => each.cost >= 0.01)
  return {
    at: now,
    cost: {
      ...{ current, estimate, lastDay, ...(usualDay !== undefined && { usualDay }) },
      dearest: named.map((each) => ({ name: names.get(each.serviceId) ?? 'a service elsewhere', cost: each.cost })),
    },
  }
}
