import { isOpusSilence } from '#src/speech/opus-packet.ts'
import type { UtteranceStream } from '#src/speech/transcriber.ts'

/** An utterance's audio, kept in memory while it is recognised, so that it can be said again to a recogniser that failed in the middle of a word. */
export interface Tape {
  /** Everything that is kept, then what comes, then the end. To one stream after the other. */
  play(to: Pick<UtteranceStream, 'write' | 'end'>): void
  /** What the stream took is not needed again; what was said after it had ended by itself is kept for the next one. */
  forget(): void
  /** Resolves when there is more speech after what was forgotten; false: it ended without. */
  hasMore(): Promise<boolean>
  /** Nothing more is recorded, and nothing is kept. */
  erase(): void
  /** Packets that a stream took, again and again counted. */
  readonly played: number
}

/** Starts at once. */
export function createTape(packets: AsyncIterable<Uint8Array>): Tape {
  let kept: Uint8Array[] = []
  let stream: Parameters<Tape['play']>[0] | undefined
  let over = false
  let erased = false
  let speaks = false
  let played = 0
  /** How many of those that are kept the stream took. */
  let taken = 0
  let news = Promise.withResolvers<void>()

  function tell(): void {
    news.resolve()
    news = Promise.withResolvers()
  }

  function write(packet: Uint8Array): void {
    if (!stream?.write(packet)) return
    played++
    taken++
  }

  function add(packet: Uint8Array): void {
    kept.push(packet)
    write(packet)
    if (speaks || isOpusSilence(packet)) return
    speaks = true
    tell()
  }

  async function record(): Promise<void> {
    for await (const packet of packets) {
      if (erased) break
      add(packet)
    }
    over = true
    stream?.end()
    tell()
  }

  void record()
  return {
    play(to) {
      stream = to
      taken = 0
      for (const packet of kept) write(packet)
      if (over) to.end()
    },
    forget() {
      kept = kept.slice(taken)
      stream = undefined
      speaks = kept.some((packet) => !isOpusSilence(packet))
    },
    async hasMore() {
      while (!speaks && !over) await news.promise
      return speaks
    },
    erase() {
      erased = true
      kept = []
      stream = undefined
    },
    get played() {
      return played
    },
  }
}
