import { leavesOf } from '#playground/page/commands/leaf.ts'
import type { Draft } from '#playground/page/commands/values.ts'
import { createApi } from '#playground/page/session/api.ts'
import { createSession } from '#playground/page/session/session.ts'
import type { SessionState } from '#playground/page/session/session-state.ts'
import { createNonces } from '#playground/page/snowflake.ts'
import { UserError } from '#src/kernel/errors.ts'
import { messageLines } from './message-lines.ts'
import type { PlaygroundState } from './running-playground.ts'

/** A member at Discord who follows what the bot writes. */
export interface VoiceVisit {
  /** Runs a slash command in the first text channel. False where the bot has none of that name. */
  run(command: string, draft?: Draft): Promise<boolean>
  /** From now on lines are told, or not. */
  listen(on: boolean): void
  /** Resolves once that holds; throws UserError with the sentence after the time. */
  until(holds: () => boolean | Promise<boolean>, ms: number, sentence: string): Promise<void>
  /** Milliseconds since 1970 at which the bot last wrote something. */
  readonly lastWord: number
  close(): void
}

const lookMs = 200

export interface VoiceVisitDeps {
  readonly url: string
  readonly account: string
  readonly playground: PlaygroundState
  /** A line that the bot wrote, or that was changed. */
  onLine(line: string): void
}

/** The same session that the page has, without a page. */
export async function openVoiceVisit({ url, account, playground, onLine }: VoiceVisitDeps): Promise<VoiceVisit> {
  const { guild, application, channels } = playground
  const written = new Map<string, ReadonlySet<string>>()
  const names = new Map([...channels, ...playground.roles].map(({ id, name }) => [id, name]))
  const began = Date.now()
  let lastWord = 0
  let listening = true
  const session = createSession({
    api: createApi(url, account),
    token: account,
    guild: guild.id,
    application: application.id,
    nonce: createNonces(Date.now),
    later: (action, delay) => {
      const timer = setTimeout(action, delay)
      return () => clearTimeout(timer)
    },
    socket: (address) => new WebSocket(address),
  })

  function read({ feeds, pending, members }: SessionState): void {
    for (const { id, username, global_name } of members) names.set(id, global_name ?? username)
    const messages = Object.values(feeds).flatMap((feed) => feed.messages)
    for (const message of messages.filter(({ author, flags = 0 }) => author.id === application.id && (flags & 128) === 0)) {
      const known = written.get(message.id) ?? new Set()
      const lines = messageLines(message, (id) => names.get(id))
      const fresh = lines.filter((line) => !known.has(line))
      written.set(message.id, new Set([...known, ...lines]))
      if (fresh.length > 0) lastWord = Date.now()
      if (listening) for (const line of fresh) onLine(line)
    }
    for (const { nonce, title, failure } of pending) {
      if (!failure || written.has(nonce)) continue
      written.set(nonce, new Set())
      onLine(`${title}: ${failure}`)
    }
  }
  session.store.subscribe(() => read(session.store.get()))

  async function until(holds: () => boolean | Promise<boolean>, ms: number, sentence: string): Promise<void> {
    for (const late = Date.now() + ms; !(await holds()); await new Promise((resolve) => setTimeout(resolve, lookMs)))
      if (Date.now() > late) throw new UserError(sentence)
  }
  await until(() => session.store.get().link === 'live', 10_000, 'The playground did not let this account in.')

  return {
    async run(command, draft = {}) {
      const leaf = leavesOf(await session.commands()).find(({ name }) => name === command)
      const channel = channels.find(({ type }) => type === 0)?.id
      if (!leaf || !channel) return false
      await session.run(channel, leaf, draft)
      return true
    },
    listen(on) {
      listening = on
    },
    until,
    get lastWord() {
      return Math.max(lastWord, began)
    },
    close: session.close,
  }
}
