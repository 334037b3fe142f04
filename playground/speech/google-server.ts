import { Server, ServerCredentials, type ServerDuplexStream, type ServerUnaryCall, type sendUnaryData } from '@grpc/grpc-js'
import { z } from 'zod'
import type { Clock } from '#src/kernel/clock.ts'
import type { KnownAudio } from './audio/known-audio.ts'
import type { ServiceAccount } from './credentials.ts'
import { servicesOf } from './protos.ts'
import { type Asked, askedV1, askedV2, type VersionOne } from './recognition/asked.ts'
import { checkAudio } from './recognition/check-audio.ts'
import type { Heard, Listener } from './recognition/listener.ts'
import { recognitionStream, type StreamLimits, type StreamVersion } from './recognition/recognition-stream.ts'
import { grpcError, Refusal } from './refusal.ts'
import type { Script } from './script.ts'
import type { Speaker } from './synthesis/speaker.ts'
import { synthesize } from './synthesis/synthesize.ts'
import { voices } from './synthesis/voices.ts'
import { refusals, type Troubles } from './troubles.ts'

export interface GoogleServerDeps {
  readonly clock: Clock
  readonly limits: StreamLimits
  readonly account: ServiceAccount
  readonly listener: Listener
  readonly known: KnownAudio
  readonly script: Script
  readonly speaker: Speaker
  readonly troubles: Troubles
  onHeard(heard: Heard | undefined): void
}

type Unary = ServerUnaryCall<unknown, object>
type Duplex = ServerDuplexStream<unknown, object>

/** Of a whole request, and a little more, so that what is too long is refused in words. */
const MOST_REQUEST_BYTES = 10_485_760
const MOST_MESSAGE_BYTES = 32 * 1024 * 1024

const bytes = z.instanceof(Uint8Array).catch(new Uint8Array(0))
const requestV1 = z.object({ config: z.unknown(), audio: z.object({ content: bytes }).nullish() })
const requestV2 = z.object({ recognizer: z.unknown(), config: z.unknown(), content: bytes })
const messageV1 = z.object({ streamingConfig: z.object({ config: z.unknown() }).nullish(), audioContent: bytes })
const messageV2 = z.object({ recognizer: z.unknown(), streamingConfig: z.object({ config: z.unknown() }).nullish(), audio: bytes })
const listRequest = z.object({ languageCode: z.string().default('') })

/** What v1 takes in a message, and what v2's description says. */
const v1 = (version: VersionOne): StreamVersion => ({
  mostBytes: 25_600,
  config(message) {
    const { streamingConfig } = messageV1.parse(message)
    return streamingConfig ? askedV1(streamingConfig.config, version) : undefined
  },
  audio: (message) => messageV1.parse(message).audioContent,
})
const v2: StreamVersion = {
  mostBytes: 15_360,
  config(message) {
    const { recognizer, streamingConfig } = messageV2.parse(message)
    return streamingConfig ? askedV2(recognizer, streamingConfig.config, true) : undefined
  },
  audio: (message) => messageV2.parse(message).audio,
}

/** Google's Speech (v1, its beta, and v2) and Text-to-Speech, as gRPC services. */
export function createGoogleServer(deps: GoogleServerDeps): Server {
  const { account, troubles, listener, known, speaker } = deps
  const speechService = servicesOf('@google-cloud/speech')
  const server = new Server({ 'grpc.max_receive_message_length': MOST_MESSAGE_BYTES })

  function unary(answer: (request: unknown) => Promise<object>) {
    return async (call: Unary, callback: sendUnaryData<object>) => {
      try {
        account.check(call.metadata)
        troubles.begin()
        const response = await answer(call.request)
        await troubles.wait()
        callback(null, response)
      } catch (error) {
        callback(grpcError(error))
      }
    }
  }

  function streaming(version: StreamVersion) {
    return (call: Duplex) => {
      call.on('error', () => {}) // Told to the client already, or the client itself has gone.
      try {
        account.check(call.metadata)
        troubles.begin()
      } catch (error) {
        return void call.emit('error', grpcError(error))
      }
      const fail = recognitionStream(call, version, { ...deps, ready: troubles.wait })
      const cut = () => fail(refusals.unavailable())
      const { forget, doomed } = troubles.open(cut)
      if (doomed) call.once('data', () => call.once('data', cut)) // The configuration first, then audio.
      for (const event of ['end', 'cancelled', 'error']) call.once(event, forget)
    }
  }

  async function recognize(audio: Uint8Array, asked: Asked): Promise<object> {
    if (audio.length > MOST_REQUEST_BYTES)
      throw new Refusal('INVALID_ARGUMENT', `Request payload size exceeds the limit: ${MOST_REQUEST_BYTES} bytes.`)
    const heard = await listener.hear(await checkAudio(audio, asked), asked.phrases)
    deps.onHeard(heard)
    if (!heard) return { results: [] }
    const { text: transcript, confidence } = heard
    return { results: [{ alternatives: [{ transcript, confidence }], languageCode: asked.language.toLowerCase() }] }
  }

  for (const version of ['v1', 'v1p1beta1'] as const) {
    server.addService(speechService(`google.cloud.speech.${version}.Speech`), {
      recognize: unary(async (request) => {
        const { config, audio } = requestV1.parse(request)
        return recognize(audio?.content ?? new Uint8Array(0), askedV1(config, version))
      }),
      streamingRecognize: streaming(v1(version)),
    })
  }
  server.addService(speechService('google.cloud.speech.v2.Speech'), {
    recognize: unary(async (request) => {
      const { recognizer, config, content } = requestV2.parse(request)
      return recognize(content, askedV2(recognizer, config, false))
    }),
    streamingRecognize: streaming(v2),
  })
  server.addService(servicesOf('@google-cloud/text-to-speech')('google.cloud.texttospeech.v1.TextToSpeech'), {
    synthesizeSpeech: unary(async (request) => ({ audioContent: await synthesize(request, speaker, known) })),
    listVoices: unary(async (request) => ({ voices: voicesOf(listRequest.parse(request).languageCode) })),
  })
  return server
}

function voicesOf(language: string): object[] {
  return voices
    .filter((voice) => voice.language.toLowerCase().startsWith(language.toLowerCase()))
    .map(({ name, language: code, gender }) => ({ name, languageCodes: [code], ssmlGender: gender, naturalSampleRateHertz: 24_000 }))
}

/** Binds loopback only; answers the port: that one, or any that is free where it is taken. */
export async function bindSomewhere(server: Server, wanted: number | undefined): Promise<number> {
  const bind = (port: number) =>
    new Promise<number>((resolve, reject) =>
      server.bindAsync(`127.0.0.1:${port}`, ServerCredentials.createInsecure(), (error, bound) => (error ? reject(error) : resolve(bound))),
    )
  return wanted === undefined ? bind(0) : bind(wanted).catch(() => bind(0))
}
