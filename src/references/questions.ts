import { randomUUID } from 'node:crypto'
import type { Store } from '#src/adapters/store/store.ts'
import type { Delivery } from '#src/delivery/delivery.ts'
import { actorName, type Call } from '#src/kernel/call.ts'
import type { Clock } from '#src/kernel/clock.ts'
import type { Report } from '#src/kernel/report.ts'
import { lifetimes } from './references.ts'

/** Questions that wait for a member's button. One that nobody answers in time says so by itself, and loses its buttons. */
export interface Questions {
  /** Before the question is shown as the answer to that call. */
  asked(call: Call, what: string): Promise<void>
  /** Whoever answered it has the message from here on. */
  answered(call: Call): Promise<void>
}

export interface QuestionsParts {
  readonly store: Store
  readonly delivery: Pick<Delivery, 'watch' | 'unwatch' | 'revise'>
  readonly clock: Clock
}

/** A press at the last moment comes first. */
const graceMs = 5_000

export function createQuestions({ store, delivery, clock }: QuestionsParts): Questions {
  return {
    async asked(call, what) {
      const { place, reply: message } = call
      if (!message) return
      const subject = randomUUID()
      const from = new Date(clock.now().getTime() + lifetimes.confirmationMs + graceMs)
      await store.db.transaction().execute(async (tx) => {
        await delivery.revise(tx, subject, unanswered(call, what), place)
        await delivery.watch(tx, { subject, place, message, from })
      })
    },
    async answered({ reply }) {
      if (reply) await delivery.unwatch(reply)
    },
  }
}

function unanswered({ actor, command, raw }: Call, what: string): Report {
  return {
    title: 'Not confirmed',
    tone: 'neutral',
    sentence: `No confirmation by ${actorName(actor)} took effect within 10 minutes, so nothing was done. The question was: ${what}`,
    actions: [{ label: 'Ask again', command, arguments: raw }],
  }
}
