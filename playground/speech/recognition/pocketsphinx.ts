import { execFile } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { PassThrough, type Readable } from 'node:stream'
import { promisify } from 'node:util'
import { linear16Of } from '#src/speech/wav.ts'
import type { Recogniser, Recognition } from './recogniser.ts'

const PROGRAM = 'pocketsphinx_continuous'
const DICTIONARY = '/usr/share/pocketsphinx/model/en-us/cmudict-en-us.dict'
const TIME_LIMIT_MS = 20_000
/** Of full scale. Speech that a program made is too clean for models of people in rooms. */
const NOISE = 0.003

/** So many words are a sentence. */
const WHOLE = 5
const ANSWERS: ReadonlySet<string> = new Set(['confirm', 'cancel', 'yes', 'no'])

interface Grammar {
  readonly text: string
  readonly words: ReadonlySet<string>
}

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
  let dictionary: ReadonlyMap<string, readonly string[]> | undefined
  let last: Promise<unknown> = Promise.resolve()

  function begin(phrases: readonly string[]): Recognition {
    const noisy = createNoise()
    const dropped = new AbortController()
    // Sound goes through a pipe: what people say is never on a disk.
    const sound = new PassThrough()
    const text = hear(phrases, sound, dropped.signal)
    text.catch(() => {}) // Told to whoever asks how it ended.
    return {
      push: (samples) => void sound.write(linear16Of(noisy(samples))),
      end() {
        sound.end()
        return text
      },
      drop: () => dropped.abort(),
    }
  }

  async function hear(phrases: readonly string[], sound: Readable, signal: AbortSignal): Promise<string | undefined> {
    const folder = await mkdtemp(join(tmpdir(), 'helix-hear-'))
    try {
      dictionary ??= readDictionary()
      const known = dictionary
      const grammar = grammarOf(phrases, (word) => known.has(word))
      if (grammar) await writeFile(join(folder, 'words.jsgf'), grammar.text)
      if (grammar) await writeFile(join(folder, 'words.dict'), [...grammar.words].flatMap((word) => known.get(word)!).join('\n'))
      const words = grammar ? ['-jsgf', 'words.jsgf', '-dict', 'words.dict'] : []
      // Node's own pipes are sockets, which cannot be opened by name.
      const args = ['-infile', '/dev/stdin', '-logfn', '/dev/null', ...words]
      const running = promisify(execFile)('/bin/sh', ['-c', 'cat | "$0" "$@"', file!, ...args], {
        cwd: folder,
        timeout: TIME_LIMIT_MS,
        signal,
      })
      const { stdin } = running.child
      stdin!.on('error', () => {}) // It ended before it had read all: what it heard counts.
      sound.pipe(stdin!)
      const { stdout } = await running
      return stdout.replace(/\s+/g, ' ').trim() || undefined
    } finally {
      sound.destroy()
      await rm(folder, { recursive: true, force: true })
    }
  }

  return {
    name: 'pocketsphinx',
    begin,
    recognise(samples, phrases) {
      const result = last.then(() => {
        const recognition = begin(phrases)
        recognition.push(samples)
        return recognition.end()
      })
      last = result.catch(() => {}) // Told to whoever asked for it; the next has its own.
      return result
    },
  }
}

/**
 * The phrases that were hinted at: each by itself where there are whole sentences among them, for those it knows best; else in any order. Undefined
 * where there are none that it can say.
 */
function grammarOf(phrases: readonly string[], knows: (word: string) => boolean): Grammar | undefined {
  const sayable = phrases.map(wordsOf).filter((words) => words.length > 0 && words.every(knows))
  if (sayable.length === 0) return undefined
  const isWhole = sayable.some(({ length }) => length >= WHOLE)
  const sentences = isWhole ? sayable.filter(isAnswerable) : sayable
  const text = `#JSGF V1.0;\ngrammar hints;\npublic <sentence> = <phrase>${isWhole ? '' : '+'};\n<phrase> = ${branchesOf(sentences)} ;\n`
  return { text, words: new Set(sentences.flat()) }
}

/** Among sentences, a single word is an answer or nothing. */
function isAnswerable(words: readonly string[]): boolean {
  return words.length > 1 || ANSWERS.has(words[0]!)
}

/** Sentences that begin alike share their beginning: a grammar is as slow as it is wide. Articles may be left out. */
function branchesOf(sentences: readonly (readonly string[])[]): string {
  const byFirst = Map.groupBy(
    sentences.filter(({ length }) => length > 0),
    ([first]) => first!,
  )
  return [...byFirst]
    .map(([first, same]) => {
      const rests = same.map(([, ...rest]) => rest)
      const more = branchesOf(rests)
      const word = first === 'the' ? '[the]' : first
      if (more === '') return word
      return rests.some(({ length }) => length === 0) ? `${word} [ ${more} ]` : `${word} ( ${more} )`
    })
    .join(' | ')
}

function wordsOf(phrase: string): readonly string[] {
  return phrase
    .toLowerCase()
    .split(/[^a-z']+/)
    .filter(Boolean)
}

/** Lines of the dictionary by their word: a word may be said in several ways (`the`, `the(2)`). */
function readDictionary(): ReadonlyMap<string, readonly string[]> {
  const lines = [...readFileSync(DICTIONARY, 'utf8').trim().split('\n'), ...Object.entries(additions).map((entry) => entry.join(' '))]
  return Map.groupBy(lines, (line) => /^[^\s(]+/.exec(line)?.[0] ?? '')
}

/** The same noise each time, so that the same audio is heard the same. */
function createNoise(): (samples: Int16Array) => Int16Array {
  let state = 1
  return (samples) =>
    Int16Array.from(samples, (sample) => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0
      const noise = (state / 2 ** 31) * NOISE * 32_768
      return Math.max(-32_768, Math.min(32_767, Math.round(sample + noise)))
    })
}
