import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { monoSamples, readWav } from '#src/speech/wav.ts'
import type { Sound, Speaker } from './speaker.ts'

const PROGRAM = 'espeak-ng'
const WORDS_A_MINUTE = 165
const TIME_LIMIT_MS = 30_000

/** The speech synthesiser espeak-ng; undefined where it is not installed. */
export function findEspeak(path: string | undefined): Speaker | undefined {
  const file = (path ?? '')
    .split(delimiter)
    .map((folder) => join(folder, PROGRAM))
    .find(existsSync)
  if (!file) return undefined
  return {
    name: PROGRAM,
    async speak({ text, voice, speed }): Promise<Sound> {
      const args = ['--stdout', '--stdin', '-v', voice, '-s', `${Math.round(WORDS_A_MINUTE * speed)}`]
      const child = spawn(file, args, { stdio: ['pipe', 'pipe', 'ignore'], timeout: TIME_LIMIT_MS })
      const failed = new Promise<never>((_, reject) => child.once('error', reject))
      child.stdin.on('error', () => {}) // It ended before it had read all: what it said counts.
      child.stdin.end(text)
      const wav = readWav(await Promise.race([buffer(child.stdout), failed]))
      if (!wav) throw new Error('espeak-ng said nothing that is a WAVE file')
      return { samples: monoSamples(wav), rate: wav.sampleRate }
    },
  }
}
