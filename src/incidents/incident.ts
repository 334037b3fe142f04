import type { Fact } from '#src/kernel/report.ts'
import { type Incident, type Severity, severities } from './incidents.ts'

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

/** What was found out about an incident after it was opened. Dates as JSON writes them. */
export interface Evidence {
  /** The newest deployment that began to serve shortly before the trouble. */
  readonly suspect?: Suspect
  /** The first error lines, secrets masked. */
  readonly lines?: readonly EvidenceLine[]
  /** Whether there is an earlier deployment to go back to. */
  readonly canRollBack?: boolean
}

export interface EvidenceLine {
  /** Undefined where it is not known. */
  readonly at?: string
  readonly message: string
}

export interface Suspect {
  readonly id: string
  /** Commit, image or the beginning of its id. */
  readonly version: string
  readonly message?: string
  readonly createdAt: string
  /** Who wrote the commit, and who had it deployed through Helix. */
  readonly author?: string
  readonly deployedBy?: string
}

/** An incident with what its message, its calls and its timeline need besides. */
export interface Kept extends Incident {
  readonly group: string
  readonly acknowledgedAt: Date | undefined
  readonly resolvedWhy: string | undefined
  readonly cameBack: number
  readonly route: Route
  /** How many of the route's calls were made: its own roles first, then its chain. */
  readonly called: number
  readonly callDue: Date | undefined
  readonly facts: readonly Fact[]
  readonly evidence: Evidence
}

export type OpenTrouble = Incident['troubles'][number]

/** Above 0 where the first is worse. */
export function worse(one: Severity, other: Severity): number {
  return severities.indexOf(one) - severities.indexOf(other)
}

/** The one that an incident is named after: the worst, of equals the first. */
export function leading(troubles: readonly OpenTrouble[]): OpenTrouble | undefined {
  return troubles.toSorted((one, other) => worse(other.severity, one.severity) || one.since.getTime() - other.since.getTime())[0]
}

/** Whom a route calls, in their order: its own roles, then its chain. Who names nobody is not called. */
export function callsOf({ roles, chain }: Route): readonly Called[] {
  return [{ channel: undefined, roles }, ...chain]
}

/** When the call after so many calls is due; null where there is none. */
export function dueAfter({ chain }: Route, called: number, now: Date): Date | null {
  const next = chain[called - 1]
  return next ? new Date(now.getTime() + next.afterMinutes * 60_000) : null
}

/** The thread on its message is called so, whatever becomes of it: at most 100 characters. */
export function threadName({ number, title, service }: Pick<Incident, 'number' | 'title' | 'service'>): string {
  const name = `Incident ${number}: ${service?.name ?? title}`
  return name.length > 100 ? `${name.slice(0, 99).toWellFormed()}…` : name
}
