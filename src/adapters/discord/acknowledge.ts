import { InteractionResponseType, MessageFlags, type REST, type RESTPostAPIInteractionCallbackWithResponseResult, Routes } from 'discord.js'
import type { MessageRef } from '#src/kernel/call.ts'
import { InteractionGone, UpstreamError } from '#src/kernel/errors.ts'
import type { Answering } from './answers.ts'
import { asked, messageRef } from './upstream.ts'

/** Two tries have to fit into Discord's 3 s. */
const tryMs = 1_400
const alreadyAcknowledged = 40060
const unknownInteraction = 10062

export interface AcknowledgeParts extends Answering {
  /** Without retries of its own: a callback that went through and is sent again reads as taken by another process. */
  readonly rest: REST
}

/**
 * The first answer to an interaction. Tried twice where no answer came. A second try that reads "already acknowledged" was most
 * likely preceded by our own first; should it have been another process's, the claim of the interaction's id settles who acts.
 */
export async function acknowledge(parts: AcknowledgeParts, answer: 'public' | 'ephemeral' | 'update'): Promise<MessageRef | undefined> {
  try {
    return await post(parts, answer)
  } catch (error) {
    if (!(error instanceof UpstreamError)) throw error
    if (error.fault.outcome === 'refused') throw gone(error)
  }
  try {
    return await post(parts, answer)
  } catch (error) {
    if (!(error instanceof UpstreamError)) throw error
    if (error.fault.code !== alreadyAcknowledged) throw gone(error)
    return parts.on && answer === 'update' ? parts.on : loadingMessage(parts)
  }
}

async function post({ rest, id, token, channel, on }: AcknowledgeParts, answer: 'public' | 'ephemeral' | 'update') {
  const type =
    answer === 'update' ? InteractionResponseType.DeferredMessageUpdate : InteractionResponseType.DeferredChannelMessageWithSource
  const body = answer === 'ephemeral' ? { type, data: { flags: MessageFlags.Ephemeral } } : { type }
  return asked({ operation: 'create_interaction_response', repeatable: false, withinMs: tryMs }, async (signal) => {
    const query = new URLSearchParams({ with_response: 'true' })
    const result = await rest.post(Routes.interactionCallback(id, token), { body, query, auth: false, signal })
    if (answer === 'update') return on
    const message = (result as RESTPostAPIInteractionCallbackWithResponseResult).interaction?.response_message_id
    return message === undefined ? undefined : { channel, message }
  })
}

function loadingMessage({ rest, application, token }: AcknowledgeParts): Promise<MessageRef> {
  return asked({ operation: 'get_original_webhook_message', repeatable: true }, async (signal) =>
    messageRef(await rest.get(Routes.webhookMessage(application, token), { auth: false, signal })),
  )
}

function gone(error: UpstreamError): Error {
  if (error.fault.code === alreadyAcknowledged) return new InteractionGone('elsewhere')
  if (error.fault.code === unknownInteraction) return new InteractionGone('late')
  return error
}
