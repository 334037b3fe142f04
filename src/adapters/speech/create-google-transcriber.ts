import { randomInt } from 'node:crypto'
import type { v1, v2 } from '@google-cloud/speech'
import type { Clock } from '#src/kernel/clock.ts'
import type { AudioClip, Recognition, Transcriber, Transcript } from '#src/speech/transcriber.ts'
import type { GoogleAccess } from './google-access.ts'
import { createGoogleClient } from './google-client.ts'
import { configV1, configV2, opusForm } from './google-config.ts'
import { googleFailure } from './google-failure.ts'
import { createSections, type GoogleResult } from './google-results.ts'
import { createGoogleUtterance, type GoogleCall, type GoogleUtteranceDeps, type UtteranceLimits } from './google-utterance.ts'

export interface GoogleTranscriberDeps {
  readonly access: GoogleAccess
  readonly clock: Clock
  /** Which of Google's two APIs: v2 has the newer models. */
  readonly version: 'v1' | 'v2'
  /** `latest_short` (v1) or `short` (v2) where none is named. */
  readonly model?: string | undefined
  /** Of v2: `global`, or a region such as `europe-west4`, which has an address of its own. */
  readonly location?: string | undefined
  /** For a whole clip. */
  readonly timeoutMs?: number
  readonly limits?: Partial<UtteranceLimits>
}

export const googleDefaults = {
  model: { v1: 'latest_short', v2: 'short' },
  location: 'global',
  timeoutMs: 30_000,
  limits: { longestMs: 290_000, idleMs: 10_000, finalMs: 10_000, mostWaitingBytes: 1_000_000 },
} as const
const PROVIDER = 'Google Speech'
/** A call lives no longer than Google lets a stream live. */
const STREAM_MS = 310_000

/** What the two versions do differently. */
interface Version {
  recognize(clip: AudioClip, recognition: Recognition): Promise<readonly GoogleResult[]>
  utterance(recognition: Recognition): Pick<GoogleUtteranceDeps, 'open' | 'audio'>
  close(): Promise<void>
}

/** Speech to text at Google. Nothing is loaded or connected before the first use. */
export function createGoogleTranscriber(deps: GoogleTranscriberDeps): Transcriber {
  const { clock } = deps
  const limits = { ...googleDefaults.limits, ...deps.limits }
  const version = deps.version === 'v1' ? createV1(deps) : createV2(deps)

  return {
    async transcribe(clip, recognition) {
      try {
        return wholeOf(await version.recognize(clip, recognition), recognition.language)
      } catch (error) {
        throw googleFailure(error, PROVIDER, 'Recognize')
      }
    },
    stream: (recognition) =>
      createGoogleUtterance({
        clock,
        limits,
        serial: randomInt(2 ** 32 - 1),
        language: recognition.language,
        ...version.utterance(recognition),
      }),
    close: () => version.close(),
  }
}

function wholeOf(results: readonly GoogleResult[], language: string): Transcript | undefined {
  const sections = createSections(language)
  sections.interim(results.map((result) => ({ ...result, isFinal: true })))
  return sections.final()
}

/** No repeats by the library: it would go on for ten minutes while somebody waits for an answer. */
function callOptions(headers: Readonly<Record<string, string>>, timeout: number): object {
  return { timeout, retry: null, otherArgs: { headers: { ...headers } } }
}

function createV1({
  access,
  clock,
  model = googleDefaults.model.v1,
  timeoutMs = googleDefaults.timeoutMs,
}: GoogleTranscriberDeps): Version {
  const google = createGoogleClient<v1.SpeechClient>({
    provider: PROVIDER,
    access,
    clock,
    create: async (options) => new (await import('@google-cloud/speech')).v1.SpeechClient(options),
  })
  /** Takes MP3, which v1 itself does not (`AudioEncoding` in its definition), and is asked in the same way. */
  const beta = createGoogleClient<v1.SpeechClient>({
    provider: PROVIDER,
    access,
    clock,
    create: async (options) => new (await import('@google-cloud/speech')).v1p1beta1.SpeechClient(options) as unknown as v1.SpeechClient,
  })
  return {
    async recognize(clip, recognition) {
      const { client, headers } = await (clip.encoding === 'mp3' ? beta : google).ready()
      const request = { config: configV1(clip, recognition, model), audio: { content: clip.bytes } }
      const [{ results }] = await client.recognize(request, callOptions(headers, timeoutMs))
      return results ?? []
    },
    utterance: (recognition) => ({
      async open() {
        const { client, headers } = await google.ready()
        // The wrapper `streamingRecognize` would hold the configuration back until the first audio.
        const call = (client as unknown as Streaming)._streamingRecognize(callOptions(headers, STREAM_MS))
        call.write({ streamingConfig: { config: configV1(opusForm, recognition, model), interimResults: true } })
        return call
      },
      audio: (audioContent) => ({ audioContent }),
    }),
    async close() {
      await Promise.all([google.close(), beta.close()])
    },
  }
}

function createV2(deps: GoogleTranscriberDeps): Version {
  const { access, clock, model = googleDefaults.model.v2, location = googleDefaults.location, timeoutMs = googleDefaults.timeoutMs } = deps
  const google = createGoogleClient<v2.SpeechClient>({
    provider: PROVIDER,
    access,
    clock,
    host: location === 'global' ? undefined : `${location}-speech.googleapis.com`,
    create: async (options) => new (await import('@google-cloud/speech')).v2.SpeechClient(options),
  })
  /** `_`: no recogniser that was made before, everything is said in the request. */
  const recognizerOf = async (client: v2.SpeechClient) => `projects/${await client.getProjectId()}/locations/${location}/recognizers/_`

  return {
    async recognize(clip, recognition) {
      const { client, headers } = await google.ready()
      const request = { recognizer: await recognizerOf(client), config: configV2(clip, recognition, model), content: clip.bytes }
      const [{ results }] = await client.recognize(request, callOptions(headers, timeoutMs))
      return results ?? []
    },
    utterance: (recognition) => ({
      async open() {
        const { client, headers } = await google.ready()
        const recognizer = await recognizerOf(client)
        // In 8.1.0 `streamingRecognize` is the wrapper of v1: no recogniser and no audio arrive.
        const call = (client as unknown as Streaming)._streamingRecognize(callOptions(headers, STREAM_MS))
        const config = configV2(opusForm, recognition, model)
        call.write({ recognizer, streamingConfig: { config, streamingFeatures: { interimResults: true } } })
        return call
      },
      audio: (bytes) => ({ audio: bytes }),
    }),
    close: google.close,
  }
}

interface Streaming {
  _streamingRecognize(options: object): GoogleCall
}
