import type { Place } from '#src/kernel/call.ts'
import type { EnvironmentRef } from '#src/kernel/directory.ts'

/** Which Railway project and environment a guild works on, and which environments count as production. */
export interface Places {
  /** The guild's place, with its default environment; undefined where the guild is not served. */
  of(guild: string): Place | undefined
  /** An environment whose changes need a confirming press: named `production` or `prod`, or beginning with either and a dash. */
  isProduction(environment: EnvironmentRef): boolean
  guilds(): readonly string[]
}
