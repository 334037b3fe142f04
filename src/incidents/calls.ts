import type { Transaction } from '#src/adapters/store/store.ts'
import type { Clock } from '#src/kernel/clock.ts'
import { type Called, calledWords, callsOf, dueAfter, type Kept } from './incident.ts'
import { quietUntil } from './quiet-hours.ts'
import type { Happened, Tell } from './tell.ts'

/** Who was called a shorter time ago is not called again for the same, in ms. */
export const calmMs = 30 * 60_000

/** Calls the people of an incident's route, each when it is their turn. */
export function createCalls({ tell, clock }: { readonly tell: Tell; readonly clock: Clock }) {
  /** Makes a call, with a line in the thread, or in a channel of its own with the whole message there. */
  async function make(tx: Transaction, incident: Kept, called: Called, elsewhere: boolean, happened: Happened): Promise<void> {
    const { channel, roles } = called
    if (elsewhere) await tell.alsoIn(tx, incident, channel, roles)
    const words = calledWords(incident.route, { channel: elsewhere ? channel : undefined, roles })
    const sentence = [happened.sentence, words].filter(Boolean).join(' ')
    await tell.happened(tx, incident, { ...happened, sentence, mentions: elsewhere ? [] : roles })
  }

  async function write(tx: Transaction, { id }: Kept, written: Written): Promise<void> {
    await tx.updateTable('incidents').set(written).where('id', '=', id).execute()
  }

  /** The next ones, by a person's wish or because nobody acknowledged in time. A silence still ends when it was to. */
  async function next(tx: Transaction, incident: Kept, happened: Happened): Promise<void> {
    const { route, called, state, silencedUntil } = incident
    const now = clock.now()
    const whom = callsOf(route)[called] ?? { channel: undefined, roles: [] }
    await make(tx, incident, whom, whom.channel !== undefined && whom.channel !== route.channel, happened)
    const due = silencedUntil ?? (state === 'open' ? dueAfter(route, called + 1, now) : null)
    await write(tx, incident, { called: called + 1, escalated_at: now, called_at: now, call_due: due })
  }

  /**
   * The route's own roles, from the beginning: it became worse than ever, or a silence is over. Waits where nobody may be called now. `elsewhere`:
   * the route is another by now, with a channel of its own.
   */
  async function again(tx: Transaction, incident: Kept, happened: Happened, elsewhere = false): Promise<void> {
    const now = clock.now()
    const quiet = quietUntil(incident, now)
    const { channel, roles } = incident.route
    await make(tx, incident, { channel, roles: quiet ? [] : roles }, elsewhere, happened)
    if (quiet) return write(tx, incident, { called: 0, call_due: quiet })
    const due = incident.state === 'open' ? dueAfter(incident.route, 1, now) : null
    await write(tx, incident, { called: 1, called_at: now, call_due: due })
  }

  /** It is as bad again as people were called for. They are not called again at once, and the next ones when they were to be. */
  async function asBadAgain(tx: Transaction, incident: Kept, happened: Happened): Promise<void> {
    const { state, called, calledAt = clock.now(), route } = incident
    const now = clock.now()
    if (state === 'acknowledged' || quietUntil(incident, now)) return tell.happened(tx, incident, happened)
    const isLast = called >= callsOf(route).length
    if (called === 0 || (isLast && isCalm(calledAt))) return again(tx, incident, happened)
    await tell.happened(tx, incident, happened)
    // Less bad, it may have waited for the end of quiet hours.
    if (!isLast) await write(tx, incident, { call_due: dueAfter(route, called, calledAt) })
  }

  /** It came back after an end by itself, at which the next ones were still to be called, or nobody. */
  async function back(tx: Transaction, incident: Kept, ended: Pick<Kept, 'resolvedAt' | 'callDue'>, happened: Happened): Promise<void> {
    const { state, called, calledAt = clock.now(), route, silencedUntil } = incident
    const now = clock.now()
    if (state === 'acknowledged') {
      await tell.happened(tx, incident, happened)
      return write(tx, incident, { call_due: silencedUntil ?? null })
    }
    const isLast = called >= callsOf(route).length
    if (called === 0 || quietUntil(incident, now) || (isLast && isCalm(calledAt))) return again(tx, incident, happened)
    await tell.happened(tx, incident, happened)
    if (isLast) return write(tx, incident, { called: 0, call_due: new Date(calledAt.getTime() + calmMs) })
    const { callDue = now, resolvedAt = now } = ended
    await write(tx, incident, { call_due: new Date(now.getTime() + Math.max(0, callDue.getTime() - resolvedAt.getTime())) })
  }

  /** What is due. Of an incident that somebody took up nobody is called. */
  async function due(tx: Transaction, incident: Kept): Promise<void> {
    const { state, route, called, silencedUntil, severity } = incident
    const now = clock.now()
    const isSilenceOver = silencedUntil !== undefined && silencedUntil <= now
    if (isSilenceOver) await write(tx, incident, { call_due: null, silenced_until: null })
    if (state === 'acknowledged') {
      if (isSilenceOver) return tell.happened(tx, incident, { sentence: 'The silence is over.' })
      return write(tx, incident, { call_due: silencedUntil ?? null })
    }
    const quiet = quietUntil(incident, now)
    if (quiet) return write(tx, incident, { call_due: quiet, ...(isSilenceOver && { called: 0 }) })
    if (isSilenceOver) return again(tx, incident, { sentence: 'The silence is over, and nobody has acknowledged it.' })
    if (called === 0) {
      const why = route.quiet && severity !== 'critical' ? 'The quiet hours are over' : 'It came back'
      return again(tx, incident, { sentence: `${why}, and nobody has acknowledged it.` })
    }
    if (called >= callsOf(route).length) return write(tx, incident, { call_due: null })
    return next(tx, incident, { sentence: 'Nobody acknowledged it in time, so the next ones are called.' })
  }

  function isCalm(calledAt: Date): boolean {
    return clock.now().getTime() - calledAt.getTime() >= calmMs
  }

  return { next, again, asBadAgain, back, due }
}

export type Calls = ReturnType<typeof createCalls>

interface Written {
  readonly called?: number
  readonly called_at?: Date
  readonly call_due: Date | null
  readonly escalated_at?: Date
  readonly silenced_until?: null
}
