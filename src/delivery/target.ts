import type { DiscordMessages, MessageBody } from '#src/adapters/discord/discord.ts'
import type { Store } from '#src/adapters/store/store.ts'
import type { MessageRef } from '#src/kernel/call.ts'
import { UpstreamError } from '#src/kernel/errors.ts'
import type { Leased } from './lease.ts'
import { codes } from './refusals.ts'
import { systemChannel } from './refused.ts'

/** Posts a message for the first time, wherever it belongs: a channel, the server's system channel, the thread on another message. */
export function createTarget({ store, messages }: { readonly store: Store; readonly messages: DiscordMessages }) {
  return {
    async post(leased: Leased, body: MessageBody): Promise<MessageRef> {
      const nonce = nonceOf(leased)
      if (leased.threadOf === undefined) return messages.create(await channelOf(leased), body, nonce)
      const thread = await threadOf(leased, leased.threadOf)
      try {
        return await messages.create(thread, body, nonce)
      } catch (error) {
        if (!(error instanceof UpstreamError && error.fault.code === codes.archivedThread)) throw error
        await messages.reopenThread(thread)
        return messages.create(thread, body, nonce)
      }
    },
    /** The message that a note's thread hangs on. */
    parentOf,
  }

  async function channelOf({ channel, place }: Leased): Promise<string> {
    const found = channel === systemChannel ? await messages.systemChannel(place.guild) : channel
    if (found !== undefined) return found
    throw refused('The server has no system channel: choose one in its settings, or add a route (/alerts route add).')
  }

  async function threadOf({ threadName }: Leased, subject: string): Promise<string> {
    const parent = await parentOf(subject)
    if (!parent) throw refused('The message that the thread belongs to is gone.')
    if (parent.thread !== null) return parent.thread
    const thread = await messages.openThread({ channel: parent.channel, message: parent.message! }, threadName ?? 'Thread')
    await store.db.updateTable('messages').set({ thread }).where('id', '=', parent.id).execute()
    return thread
  }

  function parentOf(subject: string) {
    return (
      store.db
        .selectFrom('messages')
        .select(['id', 'channel', 'message', 'thread'])
        .where('subject', '=', subject)
        .where('message', 'is not', null)
        .where('gone', 'is', null)
        // A message of Helix's own rather than the answer to an interaction.
        .orderBy((row) => row('made_at', 'is', null))
        .orderBy('seq')
        .limit(1)
        .executeTakeFirst()
    )
  }
}

function refused(message: string): UpstreamError {
  return new UpstreamError(message, { provider: 'Discord', operation: 'create_message', retryable: false, outcome: 'refused', code: 10003 })
}

/** The same for every try: Discord then answers with the message that stands already. At most 25 characters. */
function nonceOf({ id, renewals }: Leased): string {
  const nonce = Buffer.from(id.replaceAll('-', ''), 'hex').toString('base64url')
  return renewals === 0 ? nonce : `${nonce}${(renewals % 36 ** 3).toString(36)}`
}
