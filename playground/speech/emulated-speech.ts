import { EventEmitter } from 'node:events'
import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import type { Sounds } from '#playground/discord/voice/sounds.ts'
import type { Emulator } from '#playground/emulator.ts'
import type { Clock } from '#src/kernel/clock.ts'
import { createKnownAudio, type KnownAudio } from './audio/known-audio.ts'
import { readAudio } from './audio/read-audio.ts'
import { createServiceAccount } from './credentials.ts'
import { speechFaults } from './faults.ts'
import { bindSomewhere, createGoogleServer } from './google-server.ts'
import { createListener, type Heard } from './recognition/listener.ts'
import { findPocketsphinx } from './recognition/pocketsphinx.ts'
import type { StreamLimits } from './recognition/recognition-stream.ts'
import { createScript } from './script.ts'
import { scriptRoutes } from './script-routes.ts'
import { createSounds } from './sounds.ts'
import { findEspeak } from './synthesis/espeak.ts'
import { tones } from './synthesis/tones.ts'
import { createTroubles } from './troubles.ts'

export interface EmulatedSpeechOptions {
  readonly clock: Clock
  /** Where an installed recogniser and synthesiser may be: the variable PATH. */
  readonly path: string | undefined
  /** What `snapshot()` answered before the restart. */
  readonly snapshot?: unknown
  readonly limits?: Partial<StreamLimits>
}

export interface EmulatedSpeech extends Emulator {
  /** gRPC has a port of its own: the one from before the restart, where that is free. Answers what to be at home here: endpoints and a key. */
  listen(): Promise<Readonly<Record<string, string>>>
  /** Audio whose words are known. False where it cannot be read. */
  learn(audio: Uint8Array, text: string): Promise<boolean>
  /** For voice channels. */
  readonly sounds: Sounds
}

const snapshotShape = z.object({ version: z.literal(1), port: z.number().optional(), privateKey: z.string() })
const googleLimits: StreamLimits = { longestMs: 305_000, idleMs: 10_000 }
const MOST_REMEMBERED = 20

/** Google's Speech-to-Text and Text-to-Speech, emulated: the real protos, on a gRPC port of their own. */
export function createEmulatedSpeech({ clock, path, snapshot, limits }: EmulatedSpeechOptions): EmulatedSpeech {
  const before = snapshot === undefined ? undefined : snapshotShape.parse(snapshot)
  const news = new EventEmitter<{ change: [] }>()
  const account = createServiceAccount(clock, before?.privateKey)
  const known: KnownAudio = createKnownAudio()
  const script = createScript()
  const troubles = createTroubles(clock)
  const recogniser = findPocketsphinx(path)
  const speaker = findEspeak(path) ?? tones
  const heard: (Heard & { readonly at: string })[] = []
  const listener = createListener({ known, script, recogniser })
  const server = createGoogleServer({
    clock,
    limits: { ...googleLimits, ...limits },
    account,
    listener,
    known,
    script,
    speaker,
    troubles,
    onHeard(one) {
      if (!one) return
      heard.unshift({ ...one, at: clock.now().toISOString() })
      heard.length = Math.min(heard.length, MOST_REMEMBERED)
    },
  })
  let port = before?.port

  async function learn(audio: Uint8Array, text: string, confidence = 0.95): Promise<boolean> {
    const read = await readAudio(audio)
    if (read) known.add(read.fingerprint, { text, confidence })
    return read !== undefined
  }

  return {
    name: 'speech',
    routes: (http: FastifyInstance) => scriptRoutes(http, { script, learn }),
    upgrade: () => false,
    state: () => ({
      speech: { port, recogniser: recogniser?.name ?? null, synthesiser: speaker.name, script: script.waiting, heard },
    }),
    faults: speechFaults(troubles),
    snapshot: () => ({ version: 1, port, privateKey: account.privateKey }),
    onChange: (listen) => void news.on('change', listen),
    async listen() {
      port = await bindSomewhere(server, port)
      news.emit('change')
      const endpoint = `http://127.0.0.1:${port}`
      return { GOOGLE_SPEECH_ENDPOINT: endpoint, GOOGLE_TTS_ENDPOINT: endpoint, GOOGLE_CLOUD_KEY: account.json }
    },
    learn,
    sounds: createSounds({ speaker, known }),
    async close() {
      troubles.clear()
      server.forceShutdown()
    },
  }
}
