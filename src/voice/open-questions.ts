import type { Call } from '#src/kernel/call.ts'
import type { Clock } from '#src/kernel/clock.ts'
import type { Log } from '#src/kernel/log.ts'
import type { Action, Confirms, Report } from '#src/kernel/report.ts'
import { NotAnswered, type References } from '#src/references/references.ts'
import type { Session } from './session.ts'
import type { Pending, Talk } from './talk.ts'

/** Changes that were read back and wait for their speaker's yes; the same question stands as buttons in the exchange's message. */
export interface OpenQuestions {
  /** The yes that a report asks for; undefined: it asks nothing. */
  asked(report: Report, call: Call): (Action & { readonly confirms: Confirms }) | undefined
  /** From now on it waits, until its time is over. */
  wait(session: Session, talk: Talk, asked: Pick<Pending, 'exchange' | 'call' | 'action'>): Promise<void>
  /** By the exchange, wherever the answer comes from. */
  of(exchange: string): { readonly session: Session; readonly talk: Talk; readonly pending: Pending } | undefined
  /** It waits no longer: it was answered. */
  answered(talk: Talk, pending: Pending): void
  /** Nothing comes of it. `why`: the sentence that stands there then; left out where another takes its place. */
  drop(talk: Talk, why?: string): Promise<void>
}

export interface OpenQuestionsParts {
  readonly references: Pick<References, 'issue' | 'open' | 'consume'>
  readonly clock: Clock
  readonly log: Log
}

export function createOpenQuestions({ references, clock, log }: OpenQuestionsParts): OpenQuestions {
  const open = new Map<string, { readonly session: Session; readonly talk: Talk; readonly pending: Pending }>()

  async function expire(talk: Talk, pending: Pending): Promise<void> {
    await clock.sleep(pending.until.getTime() - clock.now().getTime(), pending.over.signal)
    // What the member began to say in time counts, however long the recogniser takes.
    await talk.tail
    if (pending.over.signal.aborted) return
    const { aloud } = pending.action.confirms
    const seconds = Math.round((pending.until.getTime() - pending.askedAt.getTime()) / 1_000)
    await drop(talk, `${talk.name} did not ${aloud ? 'confirm' : 'press the button'} within ${seconds} s, so nothing was done.`)
  }

  function answered(talk: Talk, pending: Pending): void {
    pending.over.abort()
    if (open.get(pending.exchange.id)?.pending === pending) open.delete(pending.exchange.id)
    if (talk.pending !== pending) return
    talk.pending = undefined
    if (talk.context) talk.context = { ...talk.context, asked: false }
  }

  async function drop(talk: Talk, why?: string): Promise<void> {
    const { pending } = talk
    if (!pending) return
    try {
      await references.consume(pending.reference, pending.action.confirms.by)
    } catch (error) {
      if (!(error instanceof NotAnswered)) throw error
      // The button was first, and whoever pressed it is told what comes of it.
      return answered(talk, pending)
    }
    answered(talk, pending)
    if (why !== undefined) await pending.exchange.show(notDone(why, pending))
  }

  return {
    of: (exchange) => open.get(exchange),
    answered,
    drop,
    asked: (report, call) =>
      report.actions?.find(
        (action): action is Action & { readonly confirms: Confirms } => action.confirms !== undefined && action.command === call.command,
      ),
    async wait(session, talk, { exchange, call, action }) {
      const { id } = references.open(await references.issue({ place: session.place, action, answer: 'update' }))
      const askedAt = clock.now()
      const pending: Pending = {
        ...{ exchange, call, action, askedAt },
        reference: id,
        until: new Date(action.confirms.until ?? askedAt),
        over: new AbortController(),
        others: new Set(),
      }
      talk.pending = pending
      open.set(exchange.id, { session, talk, pending })
      expire(talk, pending).catch((err: unknown) => log.error({ err }, 'a question that nobody answered could not be taken back'))
    },
  }
}

function notDone(sentence: string, { call }: Pending): Report {
  return {
    title: 'Not confirmed',
    tone: 'neutral',
    sentence,
    actions: [{ label: 'Ask again', command: call.command, arguments: call.raw }],
  }
}
