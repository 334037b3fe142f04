import { execFile } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { promisify } from 'node:util'
import { linear16Of, writeWav } from '#src/speech/wav.ts'
import type { Recogniser } from './recogniser.ts'

const PROGRAM = 'pocketsphinx_continuous'
const DICTIONARY = '/usr/share/pocketsphinx/model/en-us/cmudict-en-us.dict'
const TIME_LIMIT_MS = 20_000
/** Of full scale. Speech that a program made is too clean for models of people in rooms. */
const NOISE = 0.003

/** What Helix' own words sound like; the dictionary lacks them. */
const additions: Readonly<Record<string, string>> = {
  helix: 'HH IY L IH K S',
  zapier: 'Z AE P IY ER',
  websocket: 'W EH B S AA K IH T',
  orchestrator: 'AO R K AH S T R EY T ER',
  redeploy: 'R IY D IH P L OY',
  rollback: 'R OW L B AE K',
}

/** The offline recogniser of Debian's package `pocketsphinx`, with its English model; undefined where it is not installed. */
export function findPocketsphinx(path: string | undefined): Recogniser | undefined {
  const file = (path ?? '')
    .split(delimiter)
    .map((folder) => join(folder, PROGRAM))
    .find(existsSync)
  if (!file || !existsSync(DICTIONARY)) return undefined
  let dictionary: string | undefined
  let last: Promise<unknown> = Promise.resolve()

  async function run(samples: Int16Array, phrases: readonly string[]): Promise<string | undefined> {
    const folder = await mkdtemp(join(tmpdir(), 'helix-hear-'))
    try {
      dictionary ??= [readFileSync(DICTIONARY, 'utf8').trim(), ...Object.entries(additions).map((entry) => entry.join(' ')), ''].join('\n')
      const grammar = grammarOf(phrases, dictionary)
      const audio = writeWav({ sampleRate: 16_000, channels: 1, bits: 16, format: 'pcm', data: linear16Of(withNoise(samples)) })
      await writeFile(join(folder, 'audio.wav'), audio)
      if (grammar) await writeFile(join(folder, 'words.jsgf'), grammar)
      if (grammar) await writeFile(join(folder, 'words.dict'), dictionary)
      const words = grammar ? ['-jsgf', 'words.jsgf', '-dict', 'words.dict'] : []
      const { stdout } = await promisify(execFile)(file!, ['-infile', 'audio.wav', '-logfn', '/dev/null', ...words], {
        cwd: folder,
        timeout: TIME_LIMIT_MS,
      })
      return stdout.replace(/\s+/g, ' ').trim() || undefined
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  }

  return {
    name: 'pocketsphinx',
    /** One after the other: each takes a processor for itself. */
    recognise(samples, phrases) {
      const result = last.then(() => run(samples, phrases))
      last = result.catch(() => {})
      return result
    },
  }
}

/** Sentences of the phrases that were hinted at, in any order; undefined where there are none that it can say. */
function grammarOf(phrases: readonly string[], dictionary: string): string | undefined {
  const known = (word: string) => dictionary.includes(`\n${word} `) || dictionary.startsWith(`${word} `)
  const sayable = phrases
    .map((phrase) =>
      phrase
        .toLowerCase()
        .split(/[^a-z']+/)
        .filter(Boolean),
    )
    .filter((words) => words.length > 0 && words.every(known))
    .map((words) => words.join(' '))
  if (sayable.length === 0) return undefined
  return `#JSGF V1.0;\ngrammar hints;\npublic <sentence> = <phrase>+;\n<phrase> = ${[...new Set(sayable)].join(' | ')} ;\n`
}

/** The same noise each time, so that the same audio is heard the same. */
function withNoise(samples: Int16Array): Int16Array {
  let state = 1
  return Int16Array.from(samples, (sample) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0
    const noise = (state / 2 ** 31) * NOISE * 32_768
    return Math.max(-32_768, Math.min(32_767, Math.round(sample + noise)))
  })
}
