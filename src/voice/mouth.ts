import type { Clock } from '#src/kernel/clock.ts'
import type { Playback } from './room.ts'

/** What Helix says in one voice channel, one sentence after the other. */
export interface Mouth {
  say(text: string): void
  /** Whatever is said or waits to be said is dropped: somebody else speaks. It all stands in the text channel. */
  hush(): void
  /** Resolves when there is nothing to say. */
  silent(): Promise<void>
}

export interface MouthParts {
  synthesize(text: string): Promise<Uint8Array>
  play(ogg: Uint8Array): Playback
  /** Resolves when no member speaks. */
  quiet(): Promise<void>
  readonly clock: Clock
  /** Of the synthesis; undefined: it works. */
  onOutcome(error: unknown): void
}

/** More waits for nobody: what is older is dropped. */
const MOST_WAITING = 3
/** Whoever speaks on for so long is spoken to all the same, in ms. */
const patienceMs = 5_000

export function createMouth({ synthesize, play, quiet, clock, onOutcome }: MouthParts): Mouth {
  const waiting: string[] = []
  let hushed = new AbortController()
  let speaking: Promise<void> | undefined

  async function speak(): Promise<void> {
    for (let text = waiting.shift(); text !== undefined; text = waiting.shift()) await one(text, hushed.signal)
  }

  async function one(text: string, signal: AbortSignal): Promise<void> {
    let audio: Uint8Array
    try {
      audio = await synthesize(text)
      onOutcome(undefined)
    } catch (error) {
      return onOutcome(error)
    }
    const patience = new AbortController()
    await Promise.race([quiet(), clock.sleep(patienceMs, AbortSignal.any([signal, patience.signal]))])
    patience.abort()
    if (signal.aborted) return
    const playback = play(audio)
    const stop = () => playback.stop()
    signal.addEventListener('abort', stop, { once: true })
    await playback.over
    signal.removeEventListener('abort', stop)
  }

  return {
    say(text) {
      waiting.push(text)
      waiting.splice(0, waiting.length - MOST_WAITING)
      speaking ??= speak().finally(() => {
        speaking = undefined
      })
    },
    hush() {
      waiting.length = 0
      hushed.abort()
      hushed = new AbortController()
    },
    async silent() {
      await speaking
    },
  }
}
