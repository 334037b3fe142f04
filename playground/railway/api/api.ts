import type { Clock } from '#src/kernel/clock.ts'
import type { LogStore } from '../logs/log-store.ts'
import type { Bill } from '../machine/bill.ts'
import type { Deployer } from '../machine/deployer.ts'
import type { Edges } from '../machine/edges.ts'
import type { Fleets } from '../machine/fleets.ts'
import type { Usage } from '../machine/usage.ts'
import type { World } from '../world/world.ts'
import type { Access } from './access.ts'
import type { RateLimits } from './rate-limits.ts'

/** What resolvers work on. */
export interface Platform {
  readonly world: World
  readonly fleets: Fleets
  readonly deployer: Deployer
  readonly edges: Edges
  readonly logs: LogStore
  readonly usage: Usage
  readonly bill: Bill
  readonly clock: Clock
  readonly limits: RateLimits
}

/** One request's context: the platform, and who asks. */
export interface Asking extends Platform {
  readonly access: Access
}

/** By type and field. A field without one answers the source's property of that name. */
export type Resolvers = Readonly<Record<string, Readonly<Record<string, (source: never, args: never, asking: Asking) => unknown>>>>

/** Subscriptions of the API: each answers the stream of the field's own values. */
export type Subscribers = Readonly<Record<string, (args: never, asking: Asking) => AsyncIterableIterator<unknown>>>
