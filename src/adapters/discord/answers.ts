import { InteractionResponseType, MessageFlags, type REST, Routes } from 'discord.js'
import type { MessageRef } from '#src/kernel/call.ts'
import type { Clock } from '#src/kernel/clock.ts'
import { InteractionGone, UpstreamError } from '#src/kernel/errors.ts'
import type { Log } from '#src/kernel/log.ts'
import { acknowledge } from './acknowledge.ts'
import { messageRequest } from './body.ts'
import type { Answerable, IncomingAutocomplete, MessageBody } from './discord.ts'
import type { Persist } from './persist.ts'
import { asked, messageRef } from './upstream.ts'

export interface AnswersParts {
  /** Retries by itself: for what can be done twice. */
  readonly rest: REST
  /** Sends once: for callbacks and further messages. */
  readonly restOnce: REST
  /** For what failed all the same. */
  readonly persist: Persist
  readonly clock: Clock
  readonly log: Log
}

/** An interaction, as far as it takes to answer it. The token is good for 15 minutes and goes into no log. */
export interface Answering {
  readonly application: string
  readonly id: string
  readonly token: string
  readonly channel: string
  /** The message that a pressed button stands on. */
  readonly on?: MessageRef
}

/** Of the 15 minutes of an interaction's token, what is left for the last try to arrive. */
const tokenMs = 14.5 * 60_000
/** A further message that Discord took without saying so stands twice, to one member alone: better than not at all, up to a point. */
const unansweredWhispers = 3
const unknownMessage = 10008

const maxChoices = 25
const maxChoiceLength = 100

/** The ways to answer commands and buttons. https://discord.com/developers/docs/interactions/receiving-and-responding */
export function answerable(to: Answering, { rest, restOnce, persist, clock, log }: AnswersParts): Answerable {
  let loading: 'public' | 'ephemeral' | undefined
  const { application, token } = to
  const until = new Date(clock.now().getTime() + tokenMs)

  return {
    async acknowledge(answer) {
      try {
        const message = await acknowledge({ rest: restOnce, ...to }, answer)
        loading = answer === 'update' ? undefined : answer
        return message
      } catch (error) {
        if (error instanceof InteractionGone) log.warn({ interaction: to.id, why: error.why }, 'an interaction is not ours to answer')
        throw error
      }
    },
    answer: (message) =>
      persist({ until }, async () => {
        const ref = await edit(message)
        loading = undefined
        return ref
      }),
    async whisper(message) {
      if (loading === 'public') await persist({ until }, removeLoading)
      await persist({ until, unanswered: unansweredWhispers }, () => post(message))
      loading = undefined
    },
  }

  function edit(message: MessageBody): Promise<MessageRef> {
    return asked({ operation: 'update_original_webhook_message', repeatable: true }, async (signal) => {
      const request = { ...messageRequest(message), auth: false, signal }
      return messageRef(await rest.patch(Routes.webhookMessage(application, token), request))
    })
  }

  function post(message: MessageBody): Promise<void> {
    return asked({ operation: 'execute_webhook', repeatable: false }, async (signal) => {
      const request = messageRequest(message, { flags: MessageFlags.Ephemeral })
      // Straight after an ephemeral loading message, Discord takes the first further message for its answer: all the same to the reader.
      await restOnce.post(Routes.webhook(application, token), { ...request, auth: false, signal })
    })
  }

  async function removeLoading(): Promise<void> {
    try {
      await asked({ operation: 'delete_original_webhook_message', repeatable: true }, (signal) =>
        rest.delete(Routes.webhookMessage(application, token), { auth: false, signal }),
      )
    } catch (error) {
      // A try whose answer was lost had removed it.
      if (!(error instanceof UpstreamError && error.fault.code === unknownMessage)) throw error
    }
  }
}

/** Autocomplete has one answer and no second chance. */
export function respondable(
  { id, token }: Answering,
  numeric: boolean,
  { restOnce, log }: Pick<AnswersParts, 'restOnce' | 'log'>,
): Pick<IncomingAutocomplete, 'respond'> {
  return {
    async respond(suggestions) {
      const choices = suggestions
        .filter(({ value }) => value.length <= maxChoiceLength && (!numeric || Number.isFinite(Number(value))))
        .slice(0, maxChoices)
        .map(({ name, value }) => ({ name: clip(name || value), value: numeric ? Number(value) : value }))
      const body = { type: InteractionResponseType.ApplicationCommandAutocompleteResult, data: { choices } }
      try {
        await asked({ operation: 'create_interaction_response', repeatable: false, withinMs: 3_000 }, (signal) =>
          restOnce.post(Routes.interactionCallback(id, token), { body, auth: false, signal }),
        )
      } catch (error) {
        log.warn({ interaction: id, reason: String(error) }, 'suggestions did not reach Discord')
      }
    },
  }
}

function clip(name: string): string {
  return name.length <= maxChoiceLength
    ? name
    : `${name
        .slice(0, maxChoiceLength - 1)
        .toWellFormed()
        .replace(/\uFFFD$/u, '')}…`
}
