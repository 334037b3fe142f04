import type { Fact } from '#src/kernel/report.ts'
import { andList } from '#src/kernel/say.ts'
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
  /** What its channels and roles were called when it was added, by id. */
  readonly names?: Readonly<Record<string, string>>
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
  /** When somebody was called last. */
  readonly calledAt: Date | undefined
  /** The worst gravity that people were called for, or are to be. */
  readonly worst: number
  readonly facts: readonly Fact[]
  readonly evidence: Evidence
  readonly troubles: readonly OpenTrouble[]
}

export type OpenTrouble = Incident['troubles'][number] & { readonly outage: boolean; readonly evidence: Evidence }

/** Above 0 where the first is worse. */
export function worse(one: Severity, other: Severity): number {
  return severities.indexOf(one) - severities.indexOf(other)
}

/** How much a trouble matters: by its severity; of equals a service that is down before all figures and hints. */
export function gravity({ severity, outage = false }: { readonly severity: Severity; readonly outage?: boolean }): number {
  return 2 * severities.indexOf(severity) + (outage ? 1 : 0)
}

/** The one that an incident is named after comes first: the worst, of equals the newest. */
export function byWeight<One extends OpenTrouble>(troubles: readonly One[]): readonly One[] {
  return troubles.toSorted(
    (one, other) =>
      gravity(other) - gravity(one) || other.since.getTime() - one.since.getTime() || one.fingerprint.localeCompare(other.fingerprint),
  )
}

/** `Called: @oncall.`, `Called in #leads: @leads.`, `Told in #leads.`; empty where nobody is and it is told nowhere else. */
export function calledWords({ names = {} }: Route, { channel, roles }: Called): string {
  const where = channel === undefined ? '' : ` in #${names[channel] ?? channel}`
  if (roles.length === 0) return where === '' ? '' : `Told${where}.`
  return `Called${where}: ${andList(roles.map((role) => `@${names[role] ?? role}`))}.`
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
export function threadName({ number, environment, service }: Pick<Incident, 'number' | 'environment' | 'service'>): string {
  const name = service ? `Incident ${number}: ${service.name}` : `Incident ${number} in ${environment}`
  return name.length > 100 ? `${name.slice(0, 99).toWellFormed()}…` : name
}
