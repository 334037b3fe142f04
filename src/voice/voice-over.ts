import type { Speech, Synthesizer } from '#src/speech/synthesizer.ts'

/** Text as Ogg Opus. Throws UpstreamError. */
export type VoiceOver = (speech: Omit<Speech, 'encoding'>) => Promise<Uint8Array>

export interface VoiceOverParts {
  readonly synthesizer: Pick<Synthesizer, 'synthesize'>
  /** Of sentences that are kept. */
  readonly mostBytes?: number
}

/** What is said again and again is short; longer sentences are said once. */
const SHORT = 80

/** Speech for a voice channel; short sentences are kept in memory, those that were said last. */
export function createVoiceOver({ synthesizer, mostBytes = 4_000_000 }: VoiceOverParts): VoiceOver {
  const kept = new Map<string, Uint8Array>()
  let bytes = 0

  function keep(key: string, audio: Uint8Array): void {
    bytes += audio.length - (kept.get(key)?.length ?? 0)
    kept.delete(key)
    kept.set(key, audio)
    for (const [oldest, each] of kept) {
      if (bytes <= mostBytes) return
      kept.delete(oldest)
      bytes -= each.length
    }
  }

  return async ({ text, language, voice }) => {
    const key = JSON.stringify([language, voice, text])
    const known = kept.get(key)
    if (known) {
      keep(key, known)
      return known
    }
    const audio = await synthesizer.synthesize({ text, language, ...(voice !== undefined && { voice }), encoding: 'OGG_OPUS' })
    if (text.length <= SHORT) keep(key, audio.bytes)
    return audio.bytes
  }
}
