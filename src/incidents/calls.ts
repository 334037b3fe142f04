import type { Transaction } from '#src/adapters/store/store.ts'
import type { Clock } from '#src/kernel/clock.ts'
import { callsOf, dueAfter, type Kept } from './incident.ts'
import { quietUntil } from './quiet-hours.ts'
import type { Happened, Tell } from './tell.ts'

/** Calls the people of an incident's route, each when it is their turn. */
export function createCalls({ tell, clock }: { readonly tell: Tell; readonly clock: Clock }) {
  /** Makes the call, with a line in the thread, or in a channel of its own with the whole message there. */
  async function call(tx: Transaction, incident: Kept, which: number, happened: Happened): Promise<void> {
    const called = callsOf(incident.route)[which] ?? { channel: undefined, roles: [] }
    const elsewhere = called.channel !== undefined && called.channel !== incident.route.channel
    if (elsewhere) await tell.alsoIn(tx, incident, called.channel, called.roles)
    await tell.happened(tx, incident, { ...happened, mentions: elsewhere ? [] : called.roles })
  }

  async function write(tx: Transaction, { id }: Kept, written: Written): Promise<void> {
    await tx.updateTable('incidents').set(written).where('id', '=', id).execute()
  }

  /** The next ones, by a person's wish or because nobody acknowledged in time. A silence still ends when it was to. */
  async function next(tx: Transaction, incident: Kept, happened: Happened): Promise<void> {
    const now = clock.now()
    const called = incident.called + 1
    await call(tx, incident, incident.called, happened)
    const due = incident.silencedUntil ?? (incident.state === 'open' ? dueAfter(incident.route, called, now) : null)
    await write(tx, incident, { called, escalated_at: now, call_due: due })
  }

  /**
   * The route's own roles again: it became worse, came back, or a silence is over. Waits where nobody may be called now. `alsoIn`: the route
   * is another by now, with a channel of its own.
   */
  async function again(
    tx: Transaction,
    incident: Kept,
    happened: Happened,
    alsoIn?: { readonly channel: string | undefined },
  ): Promise<void> {
    const now = clock.now()
    const quiet = quietUntil(incident, now)
    const roles = quiet ? [] : incident.route.roles
    if (alsoIn) await tell.alsoIn(tx, incident, alsoIn.channel, roles)
    await tell.happened(tx, incident, { ...happened, mentions: alsoIn ? [] : roles })
    if (quiet) return write(tx, incident, { called: 0, call_due: quiet })
    await write(tx, incident, { called: 1, call_due: incident.state === 'open' ? dueAfter(incident.route, 1, now) : null })
  }

  /** What is due. Of an incident that somebody took up nobody is called. */
  async function due(tx: Transaction, incident: Kept): Promise<void> {
    const quiet = quietUntil(incident, clock.now())
    if (quiet) return write(tx, incident, { call_due: quiet })
    const isSilenceOver = incident.silencedUntil !== undefined
    if (incident.state === 'acknowledged') {
      if (isSilenceOver) await tell.happened(tx, incident, { sentence: 'The silence is over.' })
      return write(tx, incident, { call_due: null, silenced_until: null })
    }
    if (isSilenceOver) {
      await write(tx, incident, { call_due: null, silenced_until: null })
      return again(tx, incident, { sentence: 'The silence is over, and nobody has acknowledged it.' })
    }
    if (incident.called === 0) return again(tx, incident, { sentence: 'The quiet hours are over, and nobody has acknowledged it.' })
    if (incident.called >= callsOf(incident.route).length) return write(tx, incident, { call_due: null })
    return next(tx, incident, { sentence: 'Nobody acknowledged it in time, so the next ones are called.' })
  }

  return { next, again, due }
}

export type Calls = ReturnType<typeof createCalls>

interface Written {
  readonly called?: number
  readonly call_due: Date | null
  readonly escalated_at?: Date
  readonly silenced_until?: null
}
