import { vi } from 'vitest'

export interface VoiceHeard {
  readonly id: number
  readonly words: string | null
  readonly durationMs: number
  readonly at: string
}

/** What members do in a voice channel of the running playground, and what Helix says there. */
export interface VoiceMember {
  /** Speaks words in real time; resolves when they are said. */
  say(words: string): Promise<void>
  /** The same with an audio file. */
  play(file: Uint8Array): Promise<void>
  leave(): Promise<void>
}

export function voiceMember(url: string, role: string, channel: string): VoiceMember {
  const account = `playground-${role}`
  return {
    say: async (words) => void (await ask(url, '/playground/voice/speak', { account, channel, words })),
    play: async (file) =>
      void (await ask(url, '/playground/voice/speak', { account, channel, audio: Buffer.from(file).toString('base64') })),
    leave: async () => void (await ask(url, '/playground/voice/leave', { account })),
  }
}

/** Waits until Helix said something that fits, aloud, since that moment. */
export function heardAloud(url: string, fits: RegExp, since: Date): Promise<VoiceHeard> {
  return vi.waitFor(
    async () => {
      const all = (await (await fetch(`${url}/playground/voice/heard`)).json()) as readonly VoiceHeard[]
      const found = all.find(({ words, at }) => Date.parse(at) >= since.getTime() - 50 && fits.test(words ?? ''))
      if (!found) throw new Error(`Helix did not say ${fits}; it said: ${all.map(({ words }) => words).join(' | ')}`)
      return found
    },
    { timeout: 15_000, interval: 50 },
  )
}

async function ask(url: string, path: string, body: object): Promise<unknown> {
  const response = await fetch(`${url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`)
  return response.json()
}
