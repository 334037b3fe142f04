import Fastify from 'fastify'
import { createEmulatedSpeech, type EmulatedSpeech } from '#playground/speech/emulated-speech.ts'
import type { StreamLimits } from '#playground/speech/recognition/recognition-stream.ts'
import type { GoogleAccess } from '#src/adapters/speech/google-access.ts'
import { parseEndpoint } from '#src/config/google-variables.ts'
import { type Clock, systemClock } from '#src/kernel/clock.ts'

export interface EmulatedGoogle {
  readonly emulator: EmulatedSpeech
  /** As a process would be told. */
  readonly variables: Readonly<Record<string, string>>
  readonly access: GoogleAccess
  /** What the next audio that nobody knows says. */
  say(text: string): Promise<void>
  fault(name: string, body?: object): Promise<unknown>
  /** What was understood last, and how. */
  heard(): readonly { readonly text: string; readonly by: string }[]
  close(): Promise<void>
}

/** The playground's Google, without an offline recogniser and with the plain synthesiser: the same on every machine. */
export async function startEmulatedGoogle(
  options: { clock?: Clock; limits?: Partial<StreamLimits>; path?: string | undefined; snapshot?: unknown } = {},
): Promise<EmulatedGoogle> {
  const emulator = createEmulatedSpeech({ clock: systemClock(), path: undefined, ...options })
  const variables = await emulator.listen()
  const http = Fastify()
  emulator.routes(http)
  return {
    emulator,
    variables,
    access: { key: { json: variables.GOOGLE_CLOUD_KEY! }, endpoint: parseEndpoint(variables.GOOGLE_SPEECH_ENDPOINT!) },
    async say(text) {
      const { statusCode, body } = await http.inject({ method: 'POST', url: '/playground/speech/script', payload: { text } })
      if (statusCode !== 200) throw new Error(body)
    },
    fault: async (name, body = {}) => {
      const fault = emulator.faults[name]!
      return fault.inject(fault.schema.parse(body))
    },
    heard: () => (emulator.state().speech as { heard: { text: string; by: string }[] }).heard,
    async close() {
      await http.close()
      await emulator.close()
    },
  }
}
