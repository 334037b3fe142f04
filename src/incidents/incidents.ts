import type { Actor, Call, Place } from '#src/kernel/call.ts'
import type { DeploymentRef, ServiceRef } from '#src/kernel/directory.ts'
import type { Fact, Report } from '#src/kernel/report.ts'

/** Least to most. */
export const severities = ['info', 'warning', 'critical'] as const
export type Severity = (typeof severities)[number]

/** Something is wrong, seen by whom- or whatever. While an incident of the same fingerprint is open, it is the same incident. */
export interface Trouble {
  /** With the environment that it is about. */
  readonly place: Place
  readonly environment: string
  /** What makes it the same trouble again: `health:<service id>`, `rule:<rule id>:<service id>`, `helix:railway`. Unique within the place. */
  readonly fingerprint: string
  /** Troubles of one group are told in one incident, as long as that is open. A service's group is its id; Helix's own is `helix`. */
  readonly group: string
  readonly severity: Severity
  /** A few words: `voice-processor is down`. */
  readonly title: string
  /** What is so, in one plain sentence. */
  readonly sentence: string
  readonly service?: ServiceRef
  /** Nothing is served: of what is equally severe this leads, and people are called for it though they were for other things. */
  readonly outage?: boolean
  /** A trouble that began before a person resolved its incident is settled with it; one that began later opens a new one. */
  readonly since: Date
  /** The deployment that most likely brought it. Left out: looked for. */
  readonly suspect?: DeploymentRef
  /** The first error lines, secrets masked. Left out: looked for in the service's log. */
  readonly lines?: readonly string[]
  readonly facts?: readonly Fact[]
}

export type IncidentState = 'open' | 'acknowledged' | 'resolved'

export interface Incident {
  /** UUID; also the subject of its living message. */
  readonly id: string
  /** What people call it: counts up in each guild. */
  readonly number: number
  readonly place: Place
  readonly environment: string
  readonly state: IncidentState
  readonly severity: Severity
  readonly title: string
  readonly sentence: string
  readonly service: ServiceRef | undefined
  /** Of the trouble that it is named after. */
  readonly since: Date
  readonly openedAt: Date
  readonly acknowledgedBy: string | undefined
  /** Nobody is called before this moment. */
  readonly silencedUntil: Date | undefined
  readonly escalatedAt: Date | undefined
  readonly resolvedAt: Date | undefined
  /** Undefined where it resolved by itself. */
  readonly resolvedBy: string | undefined
  /** What is not over yet. */
  readonly troubles: readonly Pick<Trouble, 'fingerprint' | 'severity' | 'title' | 'sentence' | 'since'>[]
}

/** A change on Railway that began or ended on a service. */
export interface OperationTold {
  readonly place: Place
  /** The service's id. */
  readonly service: string
  /** The operation's id. */
  readonly operation: string
  readonly stage: string
  readonly sentence: string
}

/** Trouble that comes back so soon after its incident resolved by itself takes that incident up again, in ms. */
export const comesBackWithinMs = 10 * 60_000

/**
 * One incident for what belongs together, one living message with a thread for each incident, in the channel that its route names. Every
 * change is one transaction with the message's new revision and a row of the timeline; a resolve wins every race: what comes after it on the
 * same incident throws UserError, and trouble that comes back opens a new one.
 */
export interface Incidents {
  /** Opens an incident, or adds to the open one of its group. `opened`: this very call made it, whatever other replicas saw at the same moment. */
  report(trouble: Trouble): Promise<{ readonly incident: Incident; readonly opened: boolean }>
  /** That trouble is over; with the last of its troubles the incident resolves by itself. Undefined where there was none. */
  over(place: Place, fingerprint: string, sentence: string): Promise<Incident | undefined>
  acknowledge(id: string, by: Actor): Promise<Incident>
  silence(id: string, until: Date, by: Actor): Promise<Incident>
  /** From now on people are called again, at once where nobody has acknowledged it. Throws UserError where it is not silenced. */
  endSilence(id: string, by: Actor): Promise<Incident>
  /** Calls the next ones of its route now. `by` undefined: nobody acknowledged in time. */
  escalate(id: string, by: Actor | undefined): Promise<Incident>
  resolve(id: string, by: Actor, why: string): Promise<Incident>
  /**
   * Something gives up, and people must know now: calls the next ones of its route, or where there are none, its own once more. Waits where it is
   * silenced, and does nothing where it is resolved. `once`: however often it is asked for.
   */
  summon(id: string, why: string, once: string): Promise<void>
  /**
   * One more row of the timeline, shown in the thread: a healing gave up. `once`: what several processes see is noted by the first. It may come
   * after the end.
   */
  note(id: string, sentence: string, once?: string): Promise<void>
  /** One fact that its message shows, in place of the one of the same label. It may come after the end. */
  remark(id: string, fact: Fact): Promise<void>
  /** Notes it where an incident of that service is open, or was when the operation began. */
  operation(told: OperationTold): Promise<void>
  find(id: string): Promise<Incident | undefined>
  /** By what people call it. Throws UserError where the guild has none of that number. */
  numbered(place: Place, number: number): Promise<Incident>
  /** How it stands, with what can be done about it; in a message that a command was asked for with, it stays up to date. */
  show(call: Call, number: number): Promise<Report>
  /** What a command answers that did something: a pressed button's message as it is now, else a sentence. */
  answer(call: Call, incident: Incident, sentence: string): Promise<Report>
  /** The open one of a group. */
  openOf(place: Place, group: string): Promise<Incident | undefined>
  /**
   * Of all environments of the place's project but where one is named; without `state` the open and acknowledged ones, worst first and of equals the
   * newest. Resolved ones: those that were resolved last first.
   */
  list(
    place: Place,
    filter?: { readonly state?: IncidentState; readonly environment?: string; readonly limit?: number },
  ): Promise<readonly Incident[]>
  /** The whole story as Markdown, times in UTC. */
  timeline(id: string): Promise<string>
  /** Ids of those that are not over, of all places: their messages are still needed. */
  unresolved(): Promise<readonly string[]>
  /** Begins to call whoever is to be called, and to find out what is to be known. */
  start(): void
  /** Another process goes on with it. */
  stop(): Promise<void>
}
