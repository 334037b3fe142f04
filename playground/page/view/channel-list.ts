import type { VNode } from 'preact'
import type { PlaygroundState } from '#playground/page/session/playground-state.ts'
import { html } from './html.ts'

interface ChannelListProps {
  readonly channels: PlaygroundState['channels']
  readonly selected: string | undefined
  readonly unread: ReadonlySet<string>
  onSelect(id: string): void
}

const text = 0
const voice = 2

export function ChannelList({ channels, selected, unread, onSelect }: ChannelListProps): VNode {
  return html`<nav aria-label="Channels">
    <h2>Text channels</h2>
    <ul>
      ${channels
        .filter(({ type }) => type === text)
        .map(
          ({
            id,
            name,
          }) => html`<li><button type="button" class=${unread.has(id) ? 'channel unread' : 'channel'} aria-current=${id === selected ? 'page' : undefined} onClick=${() => onSelect(id)}>
          <span aria-hidden="true">#</span>${name}${unread.has(id) && html`<span class="unseen"> (unread)</span>`}
        </button></li>`,
        )}
    </ul>
    <h2>Voice channels</h2>
    <ul>
      ${channels
        .filter(({ type }) => type === voice)
        .map(
          ({ name }) =>
            html`<li><button type="button" class="channel" disabled title="Joining voice comes later"><span aria-hidden="true">◖))</span>${name}<span class="unseen"> (joining comes later)</span></button></li>`,
        )}
    </ul>
  </nav>`
}
