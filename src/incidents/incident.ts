import type { LogLine } from '#src/adapters/railway/railway.ts'
import type { Severity } from './incidents.ts'

/** Somebody who is called. */
export interface Called {
  /** Undefined: where the incident's message stands. */
  readonly channel: string | undefined
  /** Ids of Discord roles. */
  readonly roles: readonly string[]
}

/** Hours of the day in which nobody is called, unless it is critical. They may go over midnight. */
export interface QuietHours {
  /** Minutes since midnight. */
  readonly from: number
  readonly to: number
  /** As the IANA names it: `Europe/Berlin`. */
  readonly zone: string
}

/** Where an incident is told, and who is called when nobody acknowledges it. */
export interface Route {
  /** Undefined: nobody set one; the server's system channel. */
  readonly number: number | undefined
  readonly channel: string | undefined
  readonly roles: readonly string[]
  readonly quiet: QuietHours | undefined
  /** Each so many minutes after the call before it. */
  readonly chain: readonly (Called & { readonly afterMinutes: number })[]
}

/** A route as it is kept, with what it is for. */
export interface SetRoute extends Route {
  readonly number: number
  /** The least. */
  readonly severity: Severity
  readonly service: { readonly id: string; readonly name: string } | undefined
  readonly environment: { readonly id: string; readonly name: string } | undefined
  readonly addedBy: string
}

/** What was found out about an incident after it was opened. Dates as JSON writes them. */
export interface Evidence {
  /** The newest deployment that began to serve shortly before the trouble. */
  readonly suspect: Suspect | undefined
  /** The first error lines, secrets masked. */
  readonly lines: readonly (Pick<LogLine, 'message'> & { readonly at: string })[]
  /** Whether there is an earlier deployment to go back to. */
  readonly canRollBack: boolean
}

export interface Suspect {
  readonly id: string
  /** Commit, image or the beginning of its id. */
  readonly version: string
  readonly message: string | undefined
  readonly createdAt: string
  /** Who wrote the commit, and who had it deployed through Helix. */
  readonly author: string | undefined
  readonly deployedBy: string | undefined
}
