import type { Transaction } from '#src/adapters/store/store.ts'
import type { Delivery } from '#src/delivery/delivery.ts'
import type { Clock } from '#src/kernel/clock.ts'
import type { Log } from '#src/kernel/log.ts'
import { type Kept, threadName } from './incident.ts'
import { incidentReport } from './incident-report.ts'
import { readIncident } from './rows.ts'

export interface Happened {
  readonly sentence: string
  readonly by?: string
  /** Noted once, however many processes see it. */
  readonly once?: string
  /** Roles that are called with it. */
  readonly mentions?: readonly string[]
  /** The message itself says so: no line in the thread. */
  readonly inMessage?: true
}

export interface TellParts {
  readonly delivery: Pick<Delivery, 'post' | 'note' | 'revise' | 'callOff'>
  readonly clock: Clock
  readonly log: Log
}

/** The longest row, in characters: what others say may be of any length. */
const longest = 1_000

/** Writes what happens into the timeline, the thread and the message, in the transaction that made it so. */
export function createTell({ delivery, clock, log }: TellParts) {
  return {
    async happened(
      tx: Transaction,
      incident: Pick<Kept, 'id' | 'place' | 'number' | 'environment' | 'service'>,
      what: Happened,
    ): Promise<void> {
      const { id, place } = incident
      const { guild, project, environment } = place
      const sentence = what.sentence.length > longest ? `${what.sentence.slice(0, longest - 1).toWellFormed()}…` : what.sentence
      const { numInsertedOrUpdatedRows } = await tx
        .insertInto('incident_timeline')
        .values({
          ...{ incident: id, guild, project, environment, at: clock.now(), sentence },
          by_name: what.by ?? null,
          once: what.once ?? null,
        })
        .onConflict((conflict) => conflict.columns(['incident', 'once']).where('once', 'is not', null).doNothing())
        .executeTakeFirst()
      if (numInsertedOrUpdatedRows !== 1n || what.inMessage) return
      const mentions = what.mentions ?? []
      await delivery.note(tx, { of: id, place, thread: threadName(incident), sentence, mentions })
      log.info({ incident: incident.number, called: mentions.length, sentence }, 'an incident goes on')
    },

    /** The message shows how it stands now. Answers that. */
    async shown(tx: Transaction, id: string): Promise<Kept> {
      const incident = await readIncident(tx, id)
      if (!incident) throw new Error(`no incident ${id}`)
      await delivery.revise(tx, id, incidentReport(incident), incident.place)
      return incident
    },

    /** Somebody has it, or it is over: what could not be posted yet calls nobody any more. */
    callOff: (tx: Transaction, { id }: Kept) => delivery.callOff(tx, id),

    /** The message stands in that channel as well. */
    alsoIn: (tx: Transaction, { id, place }: Kept, channel: string | undefined, mentions: readonly string[]) =>
      delivery.post(tx, { subject: id, place, channel, mentions, important: true }),
  }
}

export type Tell = ReturnType<typeof createTell>
