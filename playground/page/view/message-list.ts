import type { VNode } from 'preact'
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks'
import { type Feed, isEphemeral } from '#playground/page/session/feed.ts'
import type { Session } from '#playground/page/session/session.ts'
import type { Pending } from '#playground/page/session/session-state.ts'
import { dayOf } from '#playground/page/text/timestamp.ts'
import type { Component, Message } from '#playground/page/wire.ts'
import { html } from './html.ts'
import { MessageView, PendingView } from './message-view.ts'

interface MessageListProps {
  readonly session: Session
  readonly channel: { readonly id: string; readonly name: string }
  readonly feed: Feed
  readonly pending: readonly Pending[]
  /** Who is reading: what they do themselves they want to see. */
  readonly user: { readonly id: string; readonly name: string }
  readonly children?: unknown
}

/** Discord puts messages of one author under one head for seven minutes. */
const joinWithin = 7 * 60_000
const nearEnd = 60

/** The channel's log: it stays at the newest message unless the reader scrolled away. */
export function MessageList({ session, channel, feed, pending, user, children }: MessageListProps): VNode {
  const scroller = useRef<HTMLDivElement>(null)
  const content = useRef<HTMLDivElement>(null)
  const [away, setAway] = useState(false)
  const commands = pending.filter((one) => !one.on && one.channel === channel.id)
  const toEnd = () => scroller.current?.scrollTo({ top: scroller.current.scrollHeight })

  useLayoutEffect(() => {
    setAway(false)
    toEnd()
  }, [channel.id])
  useEffect(() => {
    if (away || !content.current) return
    toEnd()
    // Pictures that load late and edits that grow a message move the end as well.
    const observer = new ResizeObserver(toEnd)
    observer.observe(content.current)
    if (scroller.current) observer.observe(scroller.current)
    return () => observer.disconnect()
  }, [away, channel.id, feed.messages])

  const own = feed.messages.findLast(({ author, interaction_metadata: metadata }) => (metadata?.user ?? author).id === user.id)?.id
  useEffect(() => setAway(false), [own, commands.at(-1)?.nonce])

  const onScroll = () => {
    const at = scroller.current
    if (at) setAway(at.scrollHeight - at.scrollTop - at.clientHeight > nearEnd)
  }
  return html`<div class="log-frame">
    <div class="log" ref=${scroller} onScroll=${onScroll} tabindex="0" role="region" aria-label=${`Messages in #${channel.name}`}>
      <div ref=${content} class="log-content">
        ${children}
        ${feed.more && html`<p class="older"><button type="button" class="button secondary" onClick=${() => session.loadOlder(channel.id)}>Load older messages</button></p>`}
        <div role="log" aria-live="polite" aria-relevant="additions" aria-label=${`Log of #${channel.name}`}><ol>
          ${feed.messages.map((message, index) => row(message, feed.messages[index - 1], session, pending))}
          ${commands.map((one) => html`<${PendingView} key=${one.nonce} pending=${one} name=${user.name} forget=${() => session.forget(one.nonce)} />`)}
        </ol></div>
      </div>
    </div>
    ${away && html`<button type="button" class="to-end" onClick=${() => setAway(false)}>Jump to the newest <span aria-hidden="true">↓</span></button>`}
  </div>`
}

function row(message: Message, before: Message | undefined, session: Session, pending: readonly Pending[]): VNode {
  const day = dayOf(Date.parse(message.timestamp))
  const newDay = !before || dayOf(Date.parse(before.timestamp)) !== day
  return html`
    ${newDay && html`<li key=${`day-${day}`} class="day"><span>${day}</span></li>`}
    <${MessageView} key=${message.id} message=${message} joined=${!newDay && joins(message, before)} pending=${pending}
      press=${(component: Component, values?: readonly string[]) => session.press(message, component, values)}
      dismiss=${() => session.dismiss(message)} />
  `
}

function joins(message: Message, before: Message): boolean {
  if (message.author.id !== before.author.id || message.interaction || message.interaction_metadata) return false
  return isEphemeral(message) === isEphemeral(before) && Date.parse(message.timestamp) - Date.parse(before.timestamp) < joinWithin
}
