import type { Clock } from '#src/kernel/clock.ts'
import { createOggOpusMuxer } from './ogg-opus-muxer.ts'
import { isOpusSilence } from './opus-packet.ts'

/** Shorter than that is the network's unevenness, not a pause. */
const PAUSE_MS = 200
const LONGEST_PAUSE_MS = 10_000
const PACKETS_IN_PAGE = 5
const PACKET_MS = 20

export interface UtteranceAudio {
  headers(): Uint8Array
  /** A page every 100 ms; undefined in between, and where it is no Opus packet. */
  write(packet: Uint8Array): Uint8Array | undefined
  /** To be asked now and then: the silence up to now, where the speaker pauses. */
  pause(): Uint8Array | undefined
  end(): Uint8Array
  /** Of all that was written, pauses included. */
  readonly durationMs: number
}

/**
 * One utterance as an Ogg stream that runs in the time in which it was spoken. Discord sends nothing while a member pauses; a recogniser
 * would hear the words run together, and gives up when nothing comes for some ten seconds.
 */
export function createUtteranceAudio({ clock, serial }: { readonly clock: Clock; readonly serial: number }): UtteranceAudio {
  const ogg = createOggOpusMuxer({ serial })
  let started: number | undefined
  /** Of a pause that goes on: filled here, and told by the speaker's side as well when it is over. */
  let filledMs = 0

  function fillPause(): void {
    if (started === undefined) return
    const behindMs = clock.now().getTime() - started - ogg.durationMs
    if (behindMs < PAUSE_MS) return
    const before = ogg.durationMs
    ogg.silence(Math.min(behindMs, LONGEST_PAUSE_MS))
    filledMs += ogg.durationMs - before
    // A longer pause is cut, and the time goes on from here.
    if (behindMs > LONGEST_PAUSE_MS) started += behindMs - LONGEST_PAUSE_MS
  }

  function isThereAlready(packet: Uint8Array): boolean {
    const isThere = filledMs >= PACKET_MS && isOpusSilence(packet)
    filledMs = isThere ? filledMs - PACKET_MS : 0
    return isThere
  }

  return {
    headers: ogg.headers,
    write(packet) {
      started ??= clock.now().getTime()
      fillPause()
      if (isThereAlready(packet)) return undefined
      ogg.write(packet)
      return ogg.pending >= PACKETS_IN_PAGE ? ogg.flush() : undefined
    },
    pause() {
      fillPause()
      return ogg.flush()
    },
    end: () => ogg.flush(true)!,
    get durationMs() {
      return ogg.durationMs
    },
  }
}
