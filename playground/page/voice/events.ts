/** What the bot said, as it can be listened to. */
export interface Heard {
  readonly id: number
  readonly user: string
  readonly channel: string
  readonly durationMs: number
  /** Known where they were made from words. */
  readonly words: string | null
  /** Where the audio is. */
  readonly audio: string
}

export interface VoiceEventsDeps {
  /** Opens a stream of server-sent events. */
  readonly source: (path: string) => EventSource
  onSpeaking(speaking: ReadonlySet<string>): void
  onHeard(heard: Heard): void
}

type Event =
  | { readonly type: 'now'; readonly speaking: readonly string[] }
  | { readonly type: 'speaking'; readonly user: string; readonly on: boolean }
  | ({ readonly type: 'heard' } & Heard)

const path = '/playground/voice/events'

/** Follows who speaks and what the bot says, over lost connections. Answers the function that ends it. */
export function followVoice({ source, onSpeaking, onHeard }: VoiceEventsDeps): () => void {
  const events = source(path)
  let speaking = new Set<string>()
  events.onmessage = ({ data }) => {
    const event = JSON.parse(String(data)) as Event
    if (event.type === 'heard') return onHeard(event)
    if (event.type === 'now') speaking = new Set(event.speaking)
    else if (event.on) speaking = new Set([...speaking, event.user])
    else speaking = new Set([...speaking].filter((user) => user !== event.user))
    onSpeaking(speaking)
  }
  return () => events.close()
}
