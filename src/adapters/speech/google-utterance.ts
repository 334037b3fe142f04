import type { Duplex } from 'node:stream'
import type { Clock } from '#src/kernel/clock.ts'
import type { UpstreamError } from '#src/kernel/errors.ts'
import type { Transcript, UtteranceStream } from '#src/speech/transcriber.ts'
import { createTranscriptFeed } from '#src/speech/transcript-feed.ts'
import { createUtteranceAudio } from '#src/speech/utterance-audio.ts'
import { googleFailure, timedOut } from './google-failure.ts'
import { createSections, type GoogleResult } from './google-results.ts'

/** A recognition stream at Google, of either version: `cancel` tells the server, too. */
export type GoogleCall = Duplex & { cancel(): void }

export interface GoogleUtteranceDeps {
  readonly clock: Clock
  readonly serial: number
  readonly language: string
  readonly limits: UtteranceLimits
  /** Connects, and sends the configuration. */
  open(): Promise<GoogleCall>
  /** A message with audio, as the version has it. */
  audio(bytes: Uint8Array): object
}

export interface UtteranceLimits {
  /** Google's is five minutes, after which it gives up without a final transcript. */
  readonly longestMs: number
  /** Without a packet; the end of speech was lost on its way. */
  readonly idleMs: number
  /** From the end of the audio to the final transcript. */
  readonly finalMs: number
  /** Audio that waits for the network. */
  readonly mostWaitingBytes: number
}

const TICK_MS = 250
/** Google takes 25 KB in a message, its newer version 15 KB by its own description. */
const MESSAGE_BYTES = 14_000
const PROVIDER = 'Google Speech'
const OPERATION = 'StreamingRecognize'

/** One utterance at Google: Ogg pages up as they fill, the newest transcript down. */
export function createGoogleUtterance(deps: GoogleUtteranceDeps): UtteranceStream {
  const { clock, limits } = deps
  const feed = createTranscriptFeed()
  const audio = createUtteranceAudio({ clock, serial: deps.serial })
  const sections = createSections(deps.language)
  const over = new AbortController()
  const headers = audio.headers()
  const waiting: Uint8Array[] = [headers]
  const started = clock.now().getTime()
  let lastPacket = started
  let waitingBytes = headers.length
  let call: GoogleCall | undefined
  let ending = false

  function finish(error?: UpstreamError): void {
    if (feed.ended) return
    const final = error ? undefined : sections.final()
    if (final) feed.push(final)
    feed.end(error)
    over.abort()
    call?.destroy()
  }

  function send(bytes: Uint8Array | undefined): void {
    if (!bytes || feed.ended) return
    waitingBytes += bytes.length
    if (call) pass(call, bytes)
    else waiting.push(bytes)
    if (waitingBytes > limits.mostWaitingBytes) giveUp()
  }

  function pass(to: GoogleCall, bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length; at += MESSAGE_BYTES) {
      const piece = bytes.subarray(at, at + MESSAGE_BYTES)
      to.write(deps.audio(piece), () => {
        waitingBytes -= piece.length
      })
    }
  }

  function giveUp(): void {
    call?.cancel()
    finish(timedOut(PROVIDER, OPERATION))
  }

  async function connect(): Promise<void> {
    try {
      const opened = await deps.open()
      listen(opened)
      if (feed.ended) return opened.cancel()
      call = opened
      for (const bytes of waiting.splice(0)) pass(opened, bytes)
      if (ending) opened.end()
    } catch (error) {
      finish(googleFailure(error, PROVIDER, OPERATION))
    }
  }

  function listen(opened: GoogleCall): void {
    opened.on('error', (error) => finish(googleFailure(error, PROVIDER, OPERATION)))
    opened.on('data', (response: { results?: readonly GoogleResult[]; error?: { code?: number; message?: string } | null }) => {
      const { error, results = [] } = response
      if (error) return finish(googleFailure({ code: error.code, details: error.message }, PROVIDER, OPERATION))
      const interim: Transcript | undefined = sections.interim(results)
      if (interim) feed.push(interim)
    })
    opened.on('end', () => finish())
  }

  function end(): void {
    if (ending) return
    ending = true
    send(audio.end())
    call?.end()
    void clock.sleep(limits.finalMs, over.signal).then(() => {
      if (!feed.ended) giveUp()
    })
  }

  async function keepTime(): Promise<void> {
    while (!over.signal.aborted && !ending) {
      await clock.sleep(TICK_MS, over.signal)
      if (ending || over.signal.aborted) return
      const now = clock.now().getTime()
      if (now - lastPacket >= limits.idleMs || now - started >= limits.longestMs) return end()
      send(audio.pause())
    }
  }

  void connect()
  void keepTime()

  return {
    write(packet) {
      if (ending || feed.ended) return false
      lastPacket = clock.now().getTime()
      send(audio.write(packet))
      return true
    },
    end,
    cancel() {
      if (feed.ended) return
      ending = true
      feed.end()
      over.abort()
      call?.cancel()
      call?.destroy()
    },
    transcripts: feed,
  }
}
