import { Routes } from 'discord.js'
import { UpstreamError } from '#src/kernel/errors.ts'
import type { Log } from '#src/kernel/log.ts'
import { messageRequest } from './body.ts'
import type { DiscordMessages } from './discord.ts'
import { createRest } from './rest.ts'
import { type Asked, asked, messageRef } from './upstream.ts'

export interface MessagesParts {
  readonly token: string
  /** Without version, such as `https://discord.com/api`. */
  readonly apiUrl: string
  readonly log: Log
}

/** Discord archives a thread in which nobody wrote for so long: a day. */
const archiveAfterMinutes = 1_440
/** A message has one thread, and that has the message's id. https://discord.com/developers/docs/topics/opcodes-and-status-codes */
const threadExists = 160004

/** Messages over REST alone: any process can send them. A rate limit of more than 2 s comes back as a retryable UpstreamError. */
export function createDiscordMessages({ token, apiUrl, log }: MessagesParts): DiscordMessages {
  const rest = createRest(apiUrl, token)
  rest.on('rateLimited', ({ route, scope, retryAfter }) => log.debug({ route, scope, retryAfter }, 'waiting for a rate limit of Discord'))

  return {
    create: (channel, message, nonce) =>
      send({ operation: 'create_message', repeatable: true }, async (signal) => {
        // Creating again with the same nonce answers the message that stands already.
        const request = messageRequest(message, { nonce, enforce_nonce: true })
        return messageRef(await rest.post(Routes.channelMessages(channel), { ...request, signal }))
      }),
    edit: (ref, message) =>
      send({ operation: 'update_message', repeatable: true }, async (signal) => {
        await rest.patch(Routes.channelMessage(ref.channel, ref.message), { ...messageRequest(message), signal })
      }),
    remove: (ref) =>
      send({ operation: 'delete_message', repeatable: true }, async (signal) => {
        await rest.delete(Routes.channelMessage(ref.channel, ref.message), { signal })
      }),
    async openThread({ channel, message }, name) {
      try {
        await send({ operation: 'create_thread_from_message', repeatable: true }, (signal) =>
          rest.post(Routes.threads(channel, message), { body: { name, auto_archive_duration: archiveAfterMinutes }, signal }),
        )
      } catch (error) {
        if (!(error instanceof UpstreamError && error.fault.code === threadExists)) throw error
      }
      return message
    },
    reopenThread: (thread) =>
      send({ operation: 'update_channel', repeatable: true }, async (signal) => {
        await rest.patch(Routes.channel(thread), { body: { archived: false }, signal })
      }),
    systemChannel: (guild) =>
      send({ operation: 'get_guild', repeatable: true }, async (signal) => {
        const { system_channel_id } = (await rest.get(Routes.guild(guild), { signal })) as { system_channel_id?: string | null }
        return system_channel_id ?? undefined
      }),
  }

  async function send<Answer>(what: Asked, request: (signal: AbortSignal) => Promise<Answer>): Promise<Answer> {
    // discord.js forgets the token after one 401; a passing one must not silence this process for good.
    rest.setToken(token)
    return asked(what, request)
  }
}
