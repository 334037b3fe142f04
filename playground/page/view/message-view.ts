import type { VNode } from 'preact'
import { useContext } from 'preact/hooks'
import { isEphemeral, isLoading } from '#playground/page/session/feed.ts'
import type { Pending } from '#playground/page/session/session-state.ts'
import { formatTimestamp, messageTime } from '#playground/page/text/timestamp.ts'
import { type Component, type Message, messageFlags, type User } from '#playground/page/wire.ts'
import { Avatar } from './avatar.ts'
import { AttachmentView, EmbedView, looseAttachments } from './embed.ts'
import { Guild } from './guild-context.ts'
import { useNow } from './hooks.ts'
import { html } from './html.ts'
import { Markdown } from './markdown-view.ts'
import { Components } from './message-components.ts'

export interface MessageProps {
  readonly message: Message
  /** Follows one of the same author closely: no head of its own. */
  readonly joined: boolean
  readonly pending: readonly Pending[]
  press(component: Component, values?: readonly string[]): void
  dismiss(): void
}

export function MessageView({ message, joined, pending, press, dismiss }: MessageProps): VNode {
  const name = displayName(message.author)
  const at = Date.parse(message.timestamp)
  const flags = message.flags ?? 0
  const mine = pending.filter(({ on }) => on?.message === message.id)
  const failure = mine.find((one) => one.failure)?.failure
  return html`<li class=${['message', joined ? 'joined' : '', isEphemeral(message) ? 'ephemeral' : ''].join(' ')} data-message=${message.id}>
    <${UsedCommand} message=${message} />
    <div class="message-side">${joined ? html`<time aria-hidden="true">${formatTimestamp(at, 't', at)}</time>` : html`<${Avatar} id=${message.author.id} name=${name} bot=${message.author.bot} />`}</div>
    <div class="message-main">
      ${!joined && html`<${Head} author=${message.author} at=${at} />`}
      ${isLoading(message) ? html`<p class="thinking"><span class="dots" aria-hidden="true"><i></i><i></i><i></i></span>${name} is thinking…</p>` : html`<${Body} message=${message} />`}
      ${
        message.components?.length
          ? html`<div class=${flags & messageFlags.componentsV2 ? 'components layout' : 'components'}><${Components} of=${message.components} deps=${{ message, pending: mine, press }} /></div>`
          : null
      }
      ${failure && html`<p class="failure" role="alert">${failure}</p>`}
      ${message.thread && html`<${ThreadLink} thread=${message.thread} />`}
      ${
        isEphemeral(message) &&
        html`<p class="only-you"><span aria-hidden="true">◉</span> Only you can see this · <button type="button" class="text-button" onClick=${dismiss}>Dismiss</button></p>`
      }
    </div>
  </li>`
}

/** What is shown of a command until its answer comes. */
export function PendingView({ pending, name, forget }: { pending: Pending; name: string; forget(): void }): VNode {
  return html`<li class="message pending">
    <p class="used"><span class="used-line" aria-hidden="true"></span><strong>${name}</strong>${' used '}<span class="mention">${pending.title}</span></p>
    <div class="message-side"><${Avatar} id="0" name="Helix" bot /></div>
    <div class="message-main">
      ${
        pending.failure
          ? html`<p class="failure" role="alert">${pending.failure}</p><p class="only-you">Only you can see this · <button type="button" class="text-button" onClick=${forget}>Dismiss</button></p>`
          : html`<p class="thinking"><span class="spinner" aria-hidden="true"></span>Sending command…</p>`
      }
    </div>
  </li>`
}

export function displayName({ global_name, username }: User): string {
  return global_name || username
}

function Head({ author, at }: { author: User; at: number }): VNode {
  const now = useNow(60_000)
  return html`<div class="message-head">
    <strong class="author">${displayName(author)}</strong>${author.bot && html`<span class="bot-tag">APP</span>`}
    <time datetime=${new Date(at).toISOString()} title=${formatTimestamp(at, 'F', now)}>${messageTime(at, now)}</time>
  </div>`
}

function Body({ message }: { message: Message }): VNode {
  const { embeds, attachments } = message
  return html`
    ${
      (message.content || message.edited_timestamp) &&
      html`<div class="content">
      <${Markdown} text=${message.content} />${message.edited_timestamp && html`<span class="edited" title=${formatTimestamp(Date.parse(message.edited_timestamp), 'F', 0)}>(edited)</span>`}
    </div>`
    }
    ${embeds.map((embed) => html`<${EmbedView} embed=${embed} attachments=${attachments} />`)}
    ${looseAttachments(embeds, attachments).map((attachment) => html`<${AttachmentView} key=${attachment.id} attachment=${attachment} />`)}
  `
}

/** Type 20 answers a slash command; anything else was not asked for by one. */
function UsedCommand({ message }: { message: Message }): VNode | null {
  const { interaction, interaction_metadata: metadata } = message
  const user = interaction?.user ?? (message.type === 20 ? metadata?.user : undefined)
  if (!user) return null
  const name = displayName(user)
  const what = interaction ? html`<span class="mention">/${interaction.name}</span>` : 'a command'
  return html`<p class="used"><span class="used-line" aria-hidden="true"></span>
    <${Avatar} id=${user.id} name=${name} size=${16} /><strong>${name}</strong>${' used '}${what}
  </p>`
}

function ThreadLink({ thread }: { thread: NonNullable<Message['thread']> }): VNode {
  const { openChannel } = useContext(Guild)
  return html`<p class="thread"><button type="button" class="text-button" onClick=${() => openChannel(thread.id)}>
    <span aria-hidden="true">⌥</span> Thread: <strong>${thread.name}</strong>${threadCount(thread.message_count)}
  </button></p>`
}

function threadCount(count: number | undefined): string {
  if (!count) return ''
  return ` · ${count} ${count === 1 ? 'message' : 'messages'}`
}
