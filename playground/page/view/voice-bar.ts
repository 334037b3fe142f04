import type { VNode } from 'preact'
import { useState } from 'preact/hooks'
import type { Api } from '#playground/page/session/api.ts'
import { html } from './html.ts'
import { TalkButton } from './talk-button.ts'
import type { Voice } from './use-voice.ts'

interface VoiceBarProps {
  readonly api: Api
  readonly account: string
  /** The voice channel's name. */
  readonly channel: string
  /** The bot's. */
  readonly bot: string
  readonly voice: Voice
}

const longest = 2_000

/** There while the account is in a voice channel: talk, say typed words, hear the bot, leave. */
export function VoiceBar({ api, account, channel, bot, voice }: VoiceBarProps): VNode {
  const [words, setWords] = useState('')
  const [saying, setSaying] = useState(false)
  const [problem, setProblem] = useState<string>()
  const muted = voice.mine?.muted ?? false

  async function say(event: Event): Promise<void> {
    event.preventDefault()
    if (words.trim() === '' || saying) return
    setSaying(true)
    setProblem(undefined)
    try {
      await api.speak(account, words)
      setWords('')
    } catch (error) {
      setProblem(error instanceof TypeError ? 'Not said: the playground cannot be reached.' : `Not said: ${(error as Error).message}`)
    }
    setSaying(false)
  }

  return html`<section class="voice-bar" aria-label=${`Voice: ${channel}`}>
    <div class="voice-row">
      <strong><span aria-hidden="true">◖))</span> ${channel}</strong>
      <${TalkButton} account=${account} muted=${muted} onProblem=${setProblem} />
      <button type="button" class="button secondary" aria-pressed=${muted} onClick=${() => voice.mute(!muted)}>${muted ? 'Unmute' : 'Mute'}</button>
      <button type="button" class="button danger" onClick=${voice.leave}>Leave</button>
      <form onSubmit=${say}>
        <input aria-label="Words to say in the voice channel" placeholder="Or type what to say" maxlength=${longest} value=${words} disabled=${muted} autocomplete="off"
          onInput=${(event: Event) => setWords((event.currentTarget as HTMLInputElement).value)} />
        <button class="button secondary" disabled=${muted || saying || words.trim() === ''} aria-busy=${saying}><span class="button-label">Say</span>${saying && html`<span class="spinner" aria-hidden="true"></span>`}</button>
      </form>
    </div>
    <p class="voice-heard" role="status">${voice.heard ? `${bot} said: ${voice.heard.words ?? `${(voice.heard.durationMs / 1_000).toFixed(1)} s of speech`}` : ''}</p>
    ${voice.heard && html`<button type="button" class="text-button" onClick=${voice.replay}>Play again</button>`}
    ${(problem ?? voice.problem) && html`<p class="problem" role="alert">${problem ?? voice.problem}</p>`}
  </section>`
}
