import type { VNode } from 'preact'
import type { PlaygroundState } from '#playground/page/session/playground-state.ts'
import { html } from './html.ts'
import type { Voice } from './use-voice.ts'
import { VoiceChannels } from './voice-channels.ts'

interface ChannelListProps {
  readonly channels: PlaygroundState['channels']
  readonly selected: string | undefined
  readonly unread: ReadonlySet<string>
  readonly bot: string
  readonly voice: Voice
  onSelect(id: string): void
}

const text = 0
const voiceType = 2

export function ChannelList({ channels, selected, unread, bot, voice, onSelect }: ChannelListProps): VNode {
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
    <${VoiceChannels} channels=${channels.filter(({ type }) => type === voiceType)} bot=${bot} voice=${voice} />
  </nav>`
}
