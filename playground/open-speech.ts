import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { PlaygroundOptions } from './playground.ts'
import { createSnapshotFile } from './snapshot-file.ts'
import { createEmulatedSpeech, type EmulatedSpeech } from './speech/emulated-speech.ts'

export interface OpenSpeech {
  readonly emulator: EmulatedSpeech
  /** What whoever speaks to Google must be started with to be at home here. */
  readonly variables: Readonly<Record<string, string>>
  close(): Promise<void>
}

/** The emulated Google on its own port, knowing the clip that voice-processor tests itself with. */
export async function openSpeech({ clock, env, root, data, say }: Omit<PlaygroundOptions, 'launcher' | 'log'>): Promise<OpenSpeech> {
  const file = createSnapshotFile(join(data, 'speech.json'), say)
  const emulator = await file.open((snapshot) => createEmulatedSpeech({ clock, path: env.PATH, snapshot }))
  const variables = await emulator.listen()
  const clip = new URL('services/voice-processor/test-clip', root)
  await emulator.learn(await readFile(new URL(`${clip}.ogg`)), (await readFile(new URL(`${clip}.txt`), 'utf8')).trim())
  return {
    emulator,
    variables,
    async close() {
      await emulator.close()
      await file.flush()
    },
  }
}
