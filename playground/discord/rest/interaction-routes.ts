import type { CallbackDeps } from '../callback.ts'
import { answerInteraction, interactionMessage } from '../callback.ts'
import type { Interaction } from '../interactions.ts'
import type { StoredMessage } from '../model.ts'
import { present } from '../present.ts'
import { Refused } from '../refusals.ts'
import { readMessage } from '../schemas/message.ts'
import { buckets } from './buckets.ts'
import type { Asked, Route } from './route.ts'
import { nothing, ok } from './route.ts'

/** What an interaction's token allows: the callback, `@original` and follow-ups. No authorization, and outside the global limit. */
export function interactionRoutes(deps: CallbackDeps): Route[] {
  const { world, interactions, messages } = deps
  const byToken = ({ params }: Asked): Interaction => {
    if (params.application !== world.application.id) throw new Refused('unknownWebhook')
    return interactions.byToken(params.token ?? '')
  }
  const messageOf = (interaction: Interaction, id: string): StoredMessage => {
    const wanted = id === '@original' ? interaction.original : id
    const found = wanted === undefined ? undefined : messages.find(interaction.channel, wanted)
    const own = found?.interaction === interaction.id || [interaction.original, interaction.source].includes(wanted)
    if (!found || !own) throw new Refused('unknownMessage')
    return found
  }
  const edit = (interaction: Interaction, stored: StoredMessage, { body, uploads }: Asked) => {
    messages.edit(stored, readMessage(body, stored.message.flags), uploads)
    if (stored.message.id === interaction.original) interaction.loading = false
    return ok(present(stored.message, world))
  }
  const followUp = (asked: Asked) => {
    const interaction = byToken(asked)
    // The first follow-up straight after a deferral fills the loading message, whatever its flags say.
    const waiting = interaction.loading && interaction.original ? messages.find(interaction.channel, interaction.original) : undefined
    if (waiting) {
      const { flags: _, ...body } = (asked.body ?? {}) as { flags?: number }
      return edit(interaction, waiting, { ...asked, body })
    }
    const stored = interactionMessage(interaction, readMessage(asked.body), asked.uploads, deps, { followUp: true })
    return ok(present(stored.message, world))
  }
  const route = (method: Route['method'], path: string, run: Route['run']): Route => ({
    method,
    path,
    authorization: 'token',
    bucket: path.startsWith('/webhooks') ? buckets.webhook : undefined,
    run,
  })

  return [
    route('POST', '/interactions/:interaction/:token/callback', ({ params, query, body, uploads }) => {
      const interaction = interactions.toAnswer(params.interaction ?? '', params.token ?? '')
      const answer = answerInteraction(interaction, body, uploads, deps)
      return query.with_response === 'true' ? ok(answer) : nothing
    }),
    route('POST', '/webhooks/:application/:token', followUp),
    route('GET', '/webhooks/:application/:token/messages/:message', (asked) => {
      return ok(present(messageOf(byToken(asked), asked.params.message ?? '').message, world))
    }),
    route('PATCH', '/webhooks/:application/:token/messages/:message', (asked) => {
      const interaction = byToken(asked)
      return edit(interaction, messageOf(interaction, asked.params.message ?? ''), asked)
    }),
    route('DELETE', '/webhooks/:application/:token/messages/:message', (asked) => {
      messages.remove(messageOf(byToken(asked), asked.params.message ?? ''))
      return nothing
    }),
  ]
}
