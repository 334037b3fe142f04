import type { DiscordMessages, MessageBody } from '#src/adapters/discord/discord.ts'
import type { MessageRef } from '#src/kernel/call.ts'
import { UpstreamError, type UpstreamFault } from '#src/kernel/errors.ts'

/** Messages as Discord keeps them, with a way to make the next request fail or wait. */
export interface DiscordDouble extends DiscordMessages {
  /** Content of each message, newest last, in the order of the edits. */
  readonly history: Map<string, string[]>
  readonly edits: { readonly message: string; readonly at: number }[]
  stand(ref: MessageRef): void
  /** What was created, with all that it says. */
  readonly created: { readonly channel: string; readonly message: string; readonly body: MessageBody }[]
  readonly removed: string[]
  /** By the message that they hang on. */
  readonly threads: Map<string, { readonly name: string; archived: boolean }>
  system: string | undefined
  /** Called before each request does anything, and after it did, before it is answered. */
  before: (what: 'create' | 'edit' | 'remove' | 'thread', message: string | undefined, channel?: string) => Promise<void>
  after: (what: 'create' | 'edit', message: string | undefined) => Promise<void>
}

export function discordDouble(): DiscordDouble {
  const nonces = new Map<string, MessageRef>()
  const history = new Map<string, string[]>()
  const double: DiscordDouble = {
    history,
    edits: [],
    created: [],
    removed: [],
    threads: new Map(),
    system: 'system',
    before: async () => {},
    after: async () => {},
    stand: ({ message }) => void history.set(message, []),
    async create(channel, body, nonce) {
      if (nonce.length > 25) throw discordFault('nonce too long', { status: 400 })
      await double.before('create', undefined, channel)
      if (double.threads.get(channel)?.archived) throw discordFault('Thread is archived', { status: 400, code: 50083 })
      const ref = nonces.get(nonce) ?? { channel, message: `m${history.size + 1}` }
      if (!nonces.has(nonce)) {
        nonces.set(nonce, ref)
        history.set(ref.message, [body.content])
        double.created.push({ ...ref, body })
      }
      await double.after('create', ref.message)
      return ref
    },
    async edit({ channel, message }, body: MessageBody) {
      await double.before('edit', message, channel)
      const shown = history.get(message)
      if (!shown) throw discordFault('Unknown Message', { status: 404, code: 10008 })
      shown.push(body.content)
      double.edits.push({ message, at: Date.now() })
      await double.after('edit', message)
    },
    async remove({ message }) {
      await double.before('remove', message)
      history.delete(message)
      double.removed.push(message)
    },
    async openThread({ channel, message }, name) {
      await double.before('thread', message, channel)
      if (!double.threads.has(message)) double.threads.set(message, { name, archived: false })
      return message
    },
    async reopenThread(thread) {
      double.threads.get(thread)!.archived = false
    },
    systemChannel: async () => double.system,
  }
  return double
}

export function discordFault(message: string, fault: Partial<UpstreamFault>): UpstreamError {
  return new UpstreamError(message, { provider: 'Discord', operation: 'update_message', retryable: false, outcome: 'refused', ...fault })
}
