import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Server, ServerUnaryCall, sendUnaryData } from '@grpc/grpc-js'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ServiceAccount } from '#playground/speech/credentials.ts'
import { createGoogleTranscriber } from '#src/adapters/speech/create-google-transcriber.ts'
import { systemClock } from '#src/kernel/clock.ts'
import { selfSigned } from '#test/support/self-signed.ts'

const clock = systemClock()
let folder: string
let account: ServiceAccount
let server: Server
let port: number

beforeAll(async () => {
  const { certificate, key } = selfSigned(clock.now())
  folder = await mkdtemp(join(tmpdir(), 'helix-tls-'))
  await writeFile(join(folder, 'roots.pem'), certificate)
  // Read when gRPC is loaded, which nothing may do before.
  process.env.GRPC_DEFAULT_SSL_ROOTS_FILE_PATH = join(folder, 'roots.pem')
  const { Server, ServerCredentials } = await import('@grpc/grpc-js')
  const { createServiceAccount } = await import('#playground/speech/credentials.ts')
  const { servicesOf } = await import('#playground/speech/protos.ts')
  account = createServiceAccount(clock)
  server = new Server()
  const recognize = (call: ServerUnaryCall<unknown, object>, callback: sendUnaryData<object>) => {
    account.check(call.metadata)
    callback(null, { results: [{ alternatives: [{ transcript: 'over TLS', confidence: 1 }] }] })
  }
  server.addService(servicesOf('@google-cloud/speech')('google.cloud.speech.v1.Speech'), { recognize })
  const pair = { private_key: Buffer.from(key), cert_chain: Buffer.from(certificate) }
  port = await new Promise<number>((resolve, reject) =>
    server.bindAsync('127.0.0.1:0', ServerCredentials.createSsl(null, [pair]), (error, bound) => (error ? reject(error) : resolve(bound))),
  )
})
afterAll(async () => {
  server.forceShutdown()
  await rm(folder, { recursive: true })
})

test('over TLS, as to Google itself, every call is signed with the key', async () => {
  const access = { key: { json: account.json }, endpoint: { host: 'localhost', port, plaintext: false } }
  const transcriber = createGoogleTranscriber({ access, clock, version: 'v1' })
  const clip = { bytes: new Uint8Array(32_000), encoding: 'linear16', sampleRate: 16_000, channels: 1 } as const
  expect((await transcriber.transcribe(clip, { language: 'en-US' }))?.text).toBe('over TLS')
  await transcriber.close()
})
