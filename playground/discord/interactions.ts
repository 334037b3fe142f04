import { randomBytes } from 'node:crypto'
import type { Events } from './gateway/events.ts'
import { Refused } from './refusals.ts'
import type { ModalForm } from './schemas/modal.ts'
import type { World } from './world.ts'

/** 2 command, 3 component, 4 autocomplete, 5 modal submit. */
export type InteractionType = 2 | 3 | 4 | 5

/** What a member asks the application: https://docs.discord.com/developers/interactions/receiving-and-responding */
export interface Interaction {
  readonly id: string
  readonly token: string
  readonly type: InteractionType
  readonly user: string
  readonly channel: string
  readonly nonce: string
  readonly bornAt: number
  /** As the answer's `interaction_metadata` tells. */
  readonly metadata: object
  /** Name of the command that was called; undefined for components and modals. */
  readonly command: string | undefined
  /** The message whose component was used, be it to open the modal that is submitted. */
  readonly source: string | undefined
  /** Type of the callback that acknowledged it. */
  acknowledged: number | undefined
  /** The message that `@original` stands for. */
  original: string | undefined
  /** Deferred, and nothing has filled the loading message yet. */
  loading: boolean
  /** The modal that it opened. */
  modal: ModalForm | undefined
}

export interface Asked {
  readonly type: InteractionType
  readonly user: string
  readonly channel: string
  readonly nonce: string
  readonly metadata?: object
  readonly source?: string
  /** Name of the command that was called. */
  readonly command?: string
}

export interface Interactions {
  /** Starts the three seconds; the payload is sent to the bot by whoever opens it. */
  open(asked: Asked): Interaction
  /** For a callback. Refuses 10062 (unknown, or too late) and 40060. */
  toAnswer(id: string, token: string): Interaction
  /** Stops the three seconds and tells the member's client. */
  acknowledge(interaction: Interaction, callback: number): void
  /** For `/webhooks/{application}/{token}`. Refuses 10015 and 50027. */
  byToken(token: string): Interaction
  /** The interaction that opened this modal for this member, while it lasts. */
  withModal(id: string, user: string, customId: string): Interaction | undefined
  close(): void
}

/** https://docs.discord.com/developers/interactions/receiving-and-responding#interaction-callback */
export const times = { acknowledgeMs: 3_000, tokenMs: 15 * 60_000 } as const
/** What INTERACTION_FAILURE says where no acknowledgement came in time. */
const timedOut = 2

export function createInteractions(world: World, events: Events): Interactions {
  const byId = new Map<string, Interaction>()
  const waiting = new Map<string, AbortController>()
  const now = () => world.clock.now().getTime()

  const dropExpired = () => {
    for (const [id, { bornAt }] of byId) {
      if (now() - bornAt < times.tokenMs) return
      byId.delete(id)
    }
  }
  const failUnlessAnswered = async ({ id, user, nonce }: Interaction) => {
    const answered = new AbortController()
    waiting.set(id, answered)
    await world.clock.sleep(times.acknowledgeMs, answered.signal)
    waiting.delete(id)
    if (!answered.signal.aborted) events.toUser(user, 'INTERACTION_FAILURE', { id, nonce, reason_code: timedOut })
  }

  return {
    open: ({ type, user, channel, nonce, metadata = {}, source, command }) => {
      dropExpired()
      const id = world.ids.next()
      const owners = { '0': world.guild.id }
      const asker = world.members.get(user)?.user
      const interaction: Interaction = {
        id,
        token: tokenOf(id, now()),
        type,
        user,
        channel,
        nonce,
        bornAt: now(),
        metadata: { id, type, user: asker, authorizing_integration_owners: owners, ...metadata },
        source,
        command,
        acknowledged: undefined,
        original: undefined,
        loading: false,
        modal: undefined,
      }
      byId.set(id, interaction)
      if (type !== 4) events.toUser(user, 'INTERACTION_CREATE', { id, nonce })
      void failUnlessAnswered(interaction)
      return interaction
    },
    toAnswer: (id, token) => {
      const found = byId.get(id)
      if (!found || found.token !== token) throw new Refused('unknownInteraction')
      if (found.acknowledged !== undefined) throw new Refused('alreadyAcknowledged')
      if (now() - found.bornAt >= times.acknowledgeMs) throw new Refused('unknownInteraction')
      return found
    },
    acknowledge: (interaction, callback) => {
      const { id, nonce, user, type } = interaction
      interaction.acknowledged = callback
      waiting.get(id)?.abort()
      if (type !== 4) events.toUser(user, 'INTERACTION_SUCCESS', { id, nonce })
    },
    byToken: (token) => {
      const made = readToken(token)
      if (!made) throw new Refused('unknownWebhook')
      if (now() - made.bornAt >= times.tokenMs) throw new Refused('tokenExpired')
      const found = byId.get(made.id)
      if (found?.token !== token || found.acknowledged === undefined) throw new Refused('unknownWebhook')
      return found
    },
    withModal: (id, user, customId) => {
      const found = byId.get(id)
      return found?.user === user && found.modal?.custom_id === customId ? found : undefined
    },
    close: () => {
      for (const answered of waiting.values()) answered.abort()
    },
  }
}

/** A token tells when it was made, so that a late one is known as expired for ever. Short enough for any router's path parameter. */
function tokenOf(id: string, bornAt: number): string {
  return Buffer.from(`interaction:${id}:${bornAt.toString(36)}:${randomBytes(18).toString('base64url')}`).toString('base64url')
}

function readToken(token: string): { readonly id: string; readonly bornAt: number } | undefined {
  const [, id, bornAt] = /^interaction:(\d+):(\w+):/.exec(Buffer.from(token, 'base64url').toString()) ?? []
  return id === undefined || bornAt === undefined ? undefined : { id, bornAt: Number.parseInt(bornAt, 36) }
}
