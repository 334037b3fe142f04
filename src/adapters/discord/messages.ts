import { Routes } from 'discord.js'
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
  }

  async function send<Answer>(what: Asked, request: (signal: AbortSignal) => Promise<Answer>): Promise<Answer> {
    // discord.js forgets the token after one 401; a passing one must not silence this process for good.
    rest.setToken(token)
    return asked(what, request)
  }
}
