import type { VNode } from 'preact'
import type { PlaygroundState } from '#playground/page/session/playground-state.ts'
import { html } from './html.ts'
import type { Voice } from './use-voice.ts'
import { VoiceChannels } from './voice-channels.ts'

interface ChannelListProps {
  readonly channels: PlaygroundState['channels']
  readonly threads: PlaygroundState['channels']
  readonly selected: string | undefined
  readonly unread: ReadonlySet<string>
  readonly bot: string
  readonly voice: Voice
  onSelect(id: string): void
}

const text = 0
const voiceType = 2

export function ChannelList({ channels, threads, selected, unread, bot, voice, onSelect }: ChannelListProps): VNode {
  // Those that are open or have something new: a server gathers many.
  const threadsOf = (channel: string) => threads.filter(({ id, parent }) => parent === channel && (id === selected || unread.has(id)))
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
        </button>
          <${Threads} of=${threadsOf(id)} selected=${selected} unread=${unread} onSelect=${onSelect} />
        </li>`,
        )}
    </ul>
    <h2>Voice channels</h2>
    <${VoiceChannels} channels=${channels.filter(({ type }) => type === voiceType)} bot=${bot} voice=${voice} />
  </nav>`
}

interface ThreadsProps extends Pick<ChannelListProps, 'selected' | 'unread' | 'onSelect'> {
  readonly of: PlaygroundState['channels']
}

function Threads({ of, selected, unread, onSelect }: ThreadsProps): VNode | null {
  if (of.length === 0) return null
  return html`<ul aria-label="Threads">
    ${of.map(
      ({
        id,
        name,
      }) => html`<li key=${id}><button type="button" class=${unread.has(id) ? 'channel thread-channel unread' : 'channel thread-channel'} aria-current=${id === selected ? 'page' : undefined} onClick=${() => onSelect(id)}>
        <span aria-hidden="true">⌥</span>${name}${unread.has(id) && html`<span class="unseen"> (unread)</span>`}
      </button></li>`,
    )}
  </ul>`
}
