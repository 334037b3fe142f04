import type { Transcript } from './transcriber.ts'

/** Transcripts from whom they come to whom they are for: the newest one waits, older ones are forgotten. */
export interface TranscriptFeed extends AsyncIterable<Transcript> {
  push(transcript: Transcript): void
  /** Nothing follows; with an error, the reader gets it after what still waits. The first end counts. */
  end(error?: unknown): void
  readonly ended: boolean
}

export function createTranscriptFeed(): TranscriptFeed {
  let newest: Transcript | undefined
  let end: { readonly error?: unknown } | undefined
  let news = Promise.withResolvers<void>()
  const tell = () => {
    news.resolve()
    news = Promise.withResolvers()
  }

  return {
    push(transcript) {
      if (end) return
      newest = transcript
      tell()
    },
    end(error) {
      if (end) return
      end = { error }
      tell()
    },
    get ended() {
      return end !== undefined
    },
    async *[Symbol.asyncIterator]() {
      for (;;) {
        const transcript = newest
        newest = undefined
        if (transcript) yield transcript
        else if (end?.error !== undefined) throw end.error
        else if (end) return
        else await news.promise
      }
    },
  }
}
