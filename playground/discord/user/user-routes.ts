import type { Access } from '../access.ts'
import type { Commands } from '../commands.ts'
import type { Events } from '../gateway/events.ts'
import type { Sessions } from '../gateway/sessions.ts'
import { interactionPayload } from '../interaction-payload.ts'
import type { Interactions } from '../interactions.ts'
import { listMessages } from '../message-list.ts'
import type { Messages } from '../messages.ts'
import { present } from '../present.ts'
import { Refused } from '../refusals.ts'
import type { Asked, Route } from '../rest/route.ts'
import { nothing, ok } from '../rest/route.ts'
import { formError } from '../schemas/form-errors.ts'
import { flag, readMessage } from '../schemas/message.ts'
import { canSee, guildShape } from '../shapes.ts'
import type { World } from '../world.ts'
import { readRequest, readSubmission } from './submission.ts'

interface Deps {
  readonly world: World
  readonly access: Access
  readonly commands: Commands
  readonly messages: Messages
  readonly interactions: Interactions
  readonly events: Events
  readonly sessions: Sessions
  readonly gatewayUrl: () => string
}

/** The API of Discord's own clients, as public client libraries use it (Discord documents none of it). Nothing is limited here. */
export function userRoutes(deps: Deps): Route[] {
  const { world, access, commands, messages, gatewayUrl } = deps
  const route = (method: Route['method'], path: string, run: Route['run']): Route => ({
    method,
    path,
    authorization: 'account',
    bucket: undefined,
    run,
  })
  const open = (account: string) => ({
    applications: [{ ...world.application, icon: null, bot: world.members.get(world.application.id)?.user }],
    application_commands: commands.open(access.member(account)),
  })
  const channel = ({ account, params }: Asked) => access.channel(account, params.channel ?? '')

  return [
    { ...route('GET', '/gateway', () => ok({ url: gatewayUrl() })), authorization: 'token' },
    route('GET', '/users/@me', ({ account }) => ok(access.member(account).user)),
    route('GET', '/users/@me/guilds', ({ account }) => ok([{ ...world.guild, owner: world.guild.owner_id === account }])),
    route('GET', '/guilds/:guild', ({ params }) => {
      access.guild(params.guild ?? '')
      return ok(guildShape(world))
    }),
    route('GET', '/guilds/:guild/channels', ({ account, params }) => {
      access.guild(params.guild ?? '')
      return ok([...world.channels.values()].filter((each) => canSee(world, access.member(account), each)))
    }),
    route('GET', '/guilds/:guild/application-command-index', ({ account, params }) => {
      access.guild(params.guild ?? '')
      return ok({ ...open(account), version: world.ids.last() })
    }),
    route('GET', '/channels/:channel/application-commands/search', (asked) => {
      const { query } = asked.query
      channel(asked)
      const { applications, application_commands } = open(asked.account)
      const found = application_commands.filter(({ name }) => !query || name.includes(query.toLowerCase()))
      return ok({ applications, application_commands: found, cursor: { previous: null, next: null, repaired: false } })
    }),
    route('GET', '/channels/:channel', (asked) => ok(channel(asked))),
    route('GET', '/channels/:channel/messages', (asked) => {
      access.channel(asked.account, asked.params.channel ?? '', 'READ_MESSAGE_HISTORY')
      return ok(listMessages(world, asked.params.channel ?? '', asked.account, asked.query))
    }),
    route('POST', '/channels/:channel/messages', ({ account, params, body, uploads }) => {
      const place = access.writable(account, params.channel ?? '', ...(uploads.length > 0 ? (['ATTACH_FILES'] as const) : []))
      const form = { ...readMessage(body), embeds: [], components: [] }
      const plain = { ...form, flags: (form.flags ?? 0) & ~flag.ephemeral }
      const asker = { user: account, ...(form.nonce ? { value: form.nonce } : {}) }
      return ok(
        present(messages.create({ channel: place, author: access.member(account).user, form: plain, uploads, asker }).message, world),
      )
    }),
    route('POST', '/interactions', (asked) => interact(asked, deps)),
  ]
}

function interact({ account, body }: Asked, { world, access, interactions, events, sessions, ...deps }: Deps) {
  const request = readRequest(body)
  if (request.application_id !== world.application.id) throw new Refused('unknownApplication')
  access.guild(request.guild_id)
  if (!sessions.all().some((session) => session.id === request.session_id && session.account.id === account)) {
    throw formError(['session_id'], 'INTERACTION_SESSION_INVALID', 'There is no such gateway session')
  }
  const member = access.member(account)
  const channel = access.channel(account, request.channel_id, 'USE_APPLICATION_COMMANDS')
  const { type, data, message, metadata } = readSubmission(request, member, { world, interactions, ...deps })
  const interaction = interactions.open({
    type,
    user: account,
    channel: channel.id,
    nonce: request.nonce ?? '',
    ...(metadata ? { metadata } : {}),
    ...(message ? { source: message.message.id } : {}),
    ...(request.type === 2 ? { command: request.data.name } : {}),
  })
  events.toBot('INTERACTION_CREATE', interactionPayload(interaction, data, { member, channel, message }, world))
  return nothing
}
