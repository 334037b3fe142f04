import type { EventEmitter } from 'node:events'
import { awaitEvent } from './await-event.ts'
import type { LiveMessage } from './live-message.ts'
import type { Outcome, UserGateway } from './user-gateway.ts'

/** The application did not answer within 3 s ("The application did not respond"), or Discord gave the interaction up otherwise. */
export class InteractionFailed extends Error {
  override readonly name = 'InteractionFailed'
}

/** An interaction that was submitted. */
export interface Submitted {
  readonly nonce: string
  /** What it was, for error messages: `/deploy`, `the button "Stop"`. */
  readonly what: string
  readonly deadlineMs: number | undefined
  /** The message whose component was used, and how often it was edited before. */
  readonly source?: { readonly message: LiveMessage; readonly edits: number }
}

export interface InteractionAnswers {
  /** Waits until something of the interaction's outcome is there. */
  part<Value>(submitted: Submitted, read: (outcome: Outcome) => Value | undefined): Promise<Value>
  /** The message that answers and stands: a new one once it is no longer loading, or the source after its next edit. */
  message(submitted: Submitted): Promise<LiveMessage>
}

export function createInteractionAnswers(gateway: UserGateway, changes: EventEmitter): InteractionAnswers {
  const part: InteractionAnswers['part'] = ({ nonce, what, deadlineMs }, read) =>
    awaitEvent(
      changes,
      () => {
        const outcome = gateway.outcome(nonce)
        if (outcome.failed !== undefined) throw new InteractionFailed(`${what}: the application did not respond (reason ${outcome.failed})`)
        return read(outcome)
      },
      () => `${what} got no answer; it is ${JSON.stringify({ ...gateway.outcome(nonce), message: gateway.outcome(nonce).message?.data })}`,
      deadlineMs,
    )
  return {
    part,
    message: (submitted) =>
      part(submitted, ({ id, message, acknowledged }) => {
        const ofIt = ({ data }: LiveMessage) => id !== undefined && data.interaction_metadata?.id === id
        // Of an answer that was taken away the one beside it counts.
        const fresh = message?.deleted === false ? message : [...gateway.messages.values()].find((each) => !each.deleted && ofIt(each))
        if (fresh) return fresh.loading ? undefined : fresh
        const { source } = submitted
        return acknowledged && source && (source.message.edits > source.edits || source.message.deleted) ? source.message : undefined
      }),
  }
}
