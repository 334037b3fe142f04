import type { Place } from '#src/kernel/call.ts'
import type { EnvironmentRef } from '#src/kernel/directory.ts'

/** A Railway token and what it reaches: an account's or workspace's, or a project's one environment. */
export interface PlaceToken {
  readonly kind: 'account' | 'project'
  readonly value: string
}

/** Which Railway project and environment a guild works on, and which environments count as production. */
export interface Places {
  /** The guild's place, with its default environment; undefined where the guild is not served. */
  of(guild: string): Place | undefined
  /** An environment whose changes need a confirming press: named `production` or `prod`, or beginning with either and a dash. */
  isProduction(environment: EnvironmentRef): boolean
  guilds(): readonly string[]
  /** The token kept for a place. Throws UserError where there is none. */
  token(place: Pick<Place, 'guild' | 'project'>): Promise<PlaceToken>
  /** Serves a guild from now on, with this token, which is kept sealed. */
  serve(place: Place, token: PlaceToken): Promise<void>
}
