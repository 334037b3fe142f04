import { Client, credentials, Metadata, type ServiceError } from '@grpc/grpc-js'
import { servicesOf } from '#playground/speech/protos.ts'
import { readServiceAccount } from '#src/adapters/speech/service-account.ts'
import { systemClock } from '#src/kernel/clock.ts'
import type { EmulatedGoogle } from '#test/support/emulated-google.ts'

type Service =
  | 'google.cloud.speech.v1.Speech'
  | 'google.cloud.speech.v1p1beta1.Speech'
  | 'google.cloud.speech.v2.Speech'
  | 'google.cloud.texttospeech.v1.TextToSpeech'

export interface Outcome {
  // biome-ignore lint/suspicious/noExplicitAny: whatever came over the wire
  readonly response?: any
  /** gRPC's code and Google's words. */
  readonly code?: number
  readonly details?: string
}

export interface BareClient {
  call(service: Service, method: string, request: object, metadata?: Metadata): Promise<Outcome>
  /** Sends these messages, and half-closes unless told not to; resolves with every response and how it ended. */
  stream(service: Service, messages: readonly object[], open?: boolean): Promise<Outcome & { readonly responses: readonly unknown[] }>
  close(): void
}

/** gRPC as it is, without Google's library and without ours: it says what it is told to, right or wrong. */
export async function bareClient(google: EmulatedGoogle): Promise<BareClient> {
  const { host, port } = google.access.endpoint!
  const client = new Client(`${host}:${port}`, credentials.createInsecure())
  const all = { speech: servicesOf('@google-cloud/speech'), tts: servicesOf('@google-cloud/text-to-speech') }
  const methodOf = (service: Service, method: string) => (service.includes('texttospeech') ? all.tts : all.speech)(service)[method]!
  const account = readServiceAccount(google.variables.GOOGLE_CLOUD_KEY!, systemClock())!
  const signed = new Metadata()
  signed.set('authorization', (await account.getRequestHeaders()).get('authorization')!)

  return {
    call(service, method, request, metadata = signed) {
      const { path, requestSerialize, responseDeserialize } = methodOf(service, method)
      return new Promise((resolve) =>
        client.makeUnaryRequest(path, requestSerialize, responseDeserialize, request, metadata, (error: ServiceError | null, response) =>
          resolve(error ? { code: error.code, details: error.details } : { response }),
        ),
      )
    },
    stream(service, messages, open = false) {
      const { path, requestSerialize, responseDeserialize } = methodOf(service, 'StreamingRecognize')
      const responses: unknown[] = []
      const call = client.makeBidiStreamRequest(path, requestSerialize, responseDeserialize, signed)
      for (const message of messages) call.write(message)
      if (!open) call.end()
      return new Promise((resolve) => {
        call.on('data', (response) => responses.push(response))
        call.on('error', ({ code, details }: ServiceError) => resolve({ code, details, responses }))
        call.on('end', () => resolve({ responses }))
      })
    },
    close: () => client.close(),
  }
}
