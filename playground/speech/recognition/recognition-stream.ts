import type { ServerDuplexStream } from '@grpc/grpc-js'
import type { Clock } from '#src/kernel/clock.ts'
import { isSpeech } from '../audio/fingerprint.ts'
import type { KnownAudio } from '../audio/known-audio.ts'
import { grpcError, Refusal } from '../refusal.ts'
import type { Script, ScriptLine } from '../script.ts'
import type { Asked } from './asked.ts'
import { createIncomingAudio, type IncomingAudio } from './incoming-audio.ts'
import type { Heard, Listener } from './listener.ts'
import type { Recognition } from './recogniser.ts'

export interface StreamLimits {
  /** Google ends a stream after 305 s. */
  readonly longestMs: number
  /** Google waits some ten seconds for audio. */
  readonly idleMs: number
}

export interface StreamVersion {
  /** Largest audio message, in bytes. */
  readonly mostBytes: number
  /** The configuration, where the message carries one. Throws Refusal. */
  config(message: unknown): Asked | undefined
  audio(message: unknown): Uint8Array
}

export interface StreamDeps {
  readonly clock: Clock
  readonly limits: StreamLimits
  readonly listener: Listener
  readonly known: KnownAudio
  readonly script: Script
  /** Passes when faults let the answer out. */
  ready(): Promise<void>
  onHeard(heard: Heard | undefined): void
}

type Call = ServerDuplexStream<unknown, object>

const PACKETS_FOR_A_GUESS = 10
const MARKS_OF_A_GUESS = 500
const malordered = 'Malordered Data Received. Expected audio_content none was set. Send exactly one config, followed by audio data.'

/** One `StreamingRecognize`, in either version. Answers how to cut it. */
export function recognitionStream(call: Call, version: StreamVersion, deps: StreamDeps): (reason: Refusal) => void {
  const { clock, limits, listener, known, script } = deps
  const over = new AbortController()
  const started = clock.now().getTime()
  let asked: Asked | undefined
  let audio: IncomingAudio | undefined
  let lastAudio = started
  let line: ScriptLine | undefined
  let shown = 0
  let begun: Recognition | undefined
  /** However it ends, even in the middle of a word. */
  over.signal.addEventListener('abort', () => {
    begun?.drop()
    audio?.close()
  })

  function fail(error: unknown): void {
    if (over.signal.aborted) return
    over.abort()
    if (line) script.giveBack(line)
    call.emit('error', grpcError(error))
  }

  function take(message: unknown): void {
    const config = version.config(message)
    if (config && asked) throw new Refusal('INVALID_ARGUMENT', malordered)
    if (config) {
      asked = config
      audio = createIncomingAudio(config)
      return
    }
    if (!audio) throw new Refusal('INVALID_ARGUMENT', 'Malordered Data Received. Expected config as the first message.')
    const bytes = version.audio(message)
    if (bytes.length > version.mostBytes)
      throw new Refusal('INVALID_ARGUMENT', `Audio chunk can be of a maximum of ${version.mostBytes} bytes.`)
    lastAudio = clock.now().getTime()
    audio.take(bytes)
    guess(audio)
  }

  /** As words become known, they are said: a word for about 300 ms. */
  function guess(incoming: IncomingAudio): void {
    const { fingerprint } = incoming.soFar()
    if (fingerprint.length < PACKETS_FOR_A_GUESS || !isSpeech(fingerprint)) return
    const clip = known.match(fingerprint.slice(0, MARKS_OF_A_GUESS))
    if (!clip) line ??= script.take()
    if (!clip && !line) begun ??= listener.begin(asked?.phrases ?? [])
    begun?.push(incoming.fresh())
    const words = (clip ?? line)?.text.split(' ') ?? []
    const count = Math.min(words.length, Math.floor(fingerprint.length / 15))
    if (count <= shown) return
    shown = count
    const transcript = words.slice(0, count).join(' ')
    call.write({
      results: [{ alternatives: [{ transcript }], isFinal: false, stability: 0.9, languageCode: asked?.language.toLowerCase() }],
    })
  }

  async function finish(): Promise<void> {
    if (!audio || !asked) throw new Refusal('INVALID_ARGUMENT', malordered)
    begun?.push(audio.fresh())
    const heard = await listener.hear(audio.soFar(), asked.phrases, line, begun)
    if (line && heard?.by === 'its audio') script.giveBack(line)
    await deps.ready()
    if (over.signal.aborted) return
    over.abort()
    deps.onHeard(heard)
    if (heard) {
      const { text: transcript, confidence } = heard
      call.write({ results: [{ alternatives: [{ transcript, confidence }], isFinal: true, languageCode: asked.language.toLowerCase() }] })
    }
    call.end()
  }

  async function keepTime(): Promise<void> {
    while (!over.signal.aborted) {
      const now = clock.now().getTime()
      if (now - started >= limits.longestMs)
        return fail(new Refusal('OUT_OF_RANGE', `Exceeded maximum allowed stream duration of ${limits.longestMs / 1_000} seconds.`))
      if (now - lastAudio >= limits.idleMs)
        return fail(
          new Refusal('OUT_OF_RANGE', 'Audio Timeout Error: Long duration elapsed without audio. Audio should be sent close to real time.'),
        )
      await clock.sleep(Math.min(started + limits.longestMs, lastAudio + limits.idleMs) - now, over.signal)
    }
  }

  call.on('data', (message: unknown) => {
    if (over.signal.aborted) return
    try {
      take(message)
    } catch (error) {
      fail(error)
    }
  })
  call.on('end', () => {
    lastAudio = Number.POSITIVE_INFINITY
    finish().catch(fail)
  })
  call.on('cancelled', () => {
    if (line && !over.signal.aborted) script.giveBack(line)
    over.abort()
  })
  void keepTime()
  return fail
}
