import type { VNode } from 'preact'
import { useContext } from 'preact/hooks'
import type { PlaygroundState } from '#playground/page/session/playground-state.ts'
import type { VoiceState } from '#playground/page/session/voice-states.ts'
import { Avatar } from './avatar.ts'
import { Guild, nameOf } from './guild-context.ts'
import { html } from './html.ts'
import type { Voice } from './use-voice.ts'

interface VoiceChannelsProps {
  readonly channels: PlaygroundState['channels']
  readonly bot: string
  readonly voice: Voice
}

/** Voice channels, who is in them, and who speaks. A press joins. */
export function VoiceChannels({ channels, bot, voice }: VoiceChannelsProps): VNode {
  return html`<ul>
    ${channels.map(({ id, name }) => {
      const inside = voice.states.filter(({ channel }) => channel === id)
      const here = voice.mine?.channel === id
      return html`<li key=${id}>
        <button type="button" class="channel" aria-current=${here ? 'true' : undefined} onClick=${() => here || voice.join(id)}>
          <span aria-hidden="true">◖))</span>${name}<span class="unseen">${here ? ' (you are here)' : ' (join)'}</span>
        </button>
        ${
          inside.length > 0 &&
          html`<ul class="voice-members" aria-label=${`In ${name}`}>
          ${inside.map((state) => html`<${Member} key=${state.user} state=${state} bot=${state.user === bot} speaking=${voice.speaking.has(state.user)} />`)}
        </ul>`
        }
      </li>`
    })}
  </ul>
  ${voice.problem && !voice.mine && html`<p class="problem" role="alert">${voice.problem}</p>`}`
}

function Member({ state: { user, muted }, bot, speaking }: { state: VoiceState; bot: boolean; speaking: boolean }): VNode {
  const { users } = useContext(Guild)
  const name = nameOf(users, user) ?? user
  return html`<li class=${speaking ? 'voice-member speaking' : 'voice-member'}>
    <${Avatar} id=${user} name=${name} bot=${bot} size=${24} /><span>${name}</span>
    ${speaking && html`<span class="unseen"> speaks</span>`}
    ${muted && html`<small class="tag">muted</small>`}
  </li>`
}
