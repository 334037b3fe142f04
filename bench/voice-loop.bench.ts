import { createGoogleTranscriber } from '../src/adapters/speech/create-google-transcriber.ts'
import { systemClock } from '../src/kernel/clock.ts'
import { isOpusSilence } from '../src/speech/opus-packet.ts'
import { createInterpreter } from '../src/understanding/interpreter.ts'
import { phraseHints } from '../src/understanding/phrase-hints.ts'
import { wholeOrders } from '../src/understanding/whole-orders.ts'
import { createRecognise } from '../src/voice/recognise.ts'
import type { SpokenUtterance } from '../src/voice/room.ts'
import { everybody, idOf, openVoiceStage, type Person } from '../test/adapters/voice/stage.ts'
import { startEmulatedGoogle } from '../test/support/emulated-google.ts'
import { quietLog } from '../test/support/quiet-log.ts'
import { grammar, vocabulary } from '../test/understanding/understood.ts'
import { median } from './median.ts'
import type { Figure } from './run.ts'

const SILENCE_MS = 500
const ALLOWED_MS = 150
const ROUNDS = 3
const verbs = ['deploy', 'redeploy', 'restart', 'roll back']
const services = ['the websocket streaming', 'the agent orchestrator', 'the voice processor', 'the zapier integration']
const sentences = verbs.flatMap((verb) => services.map((service) => `helix ${verb} ${service} in staging`))

interface Heard {
  readonly user: string
  readonly words: string
  /** Command and arguments, as JSON. */
  readonly intent: string
  /** From the last packet with speech to the intent. */
  readonly ms: number
}

/**
 * The whole loop on this machine, nothing of it replaced: espeak-ng → Opus → the emulated voice server with end-to-end encryption → Helix's ears →
 * the real Google client → an offline recogniser that really recognises → the intent. Throws where espeak-ng or pocketsphinx is not installed.
 */
export default async function voiceLoop(): Promise<readonly Figure[]> {
  const google = await startEmulatedGoogle({ path: process.env.PATH })
  const transcriber = createGoogleTranscriber({ access: google.access, clock: systemClock(), version: 'v1' })
  const hears = createEars(transcriber)
  const stage = await openVoiceStage({
    discord: { sounds: google.emulator.sounds },
    limits: { silenceMs: SILENCE_MS },
    onUtterance: hears.take,
  })
  try {
    for (const who of everybody) await stage.enter(who)
    const room = await stage.join()
    for (const who of everybody) room.hear(idOf(who))
    const say = async (who: Person, words: string) => stage.speak(who, await google.emulator.sounds.say(words, { unknown: true }))

    const alone: (Heard & { readonly said: string })[] = []
    for (const said of sentences) {
      await say('admin', said)
      alone.push({ said, ...(await hears.next(1))[0]! })
    }
    const { endToEnd } = room.figures()
    if (endToEnd !== 1) throw new Error(`end-to-end encryption is ${endToEnd}`)

    let wrong = 0
    for (let round = 0; round < ROUNDS; round += 1) {
      const saying = everybody.map((who, index) => [who, sentences[(round * everybody.length + index) % sentences.length]!] as const)
      await Promise.all(saying.map(([who, words]) => say(who, words)))
      const heard = await hears.next(everybody.length)
      wrong += saying.filter(([who, words]) => heard.some((each) => each.words === words && each.user !== idOf(who))).length
    }
    const by = [...new Set(google.heard().map((each) => each.by))]
    if (by.join() !== 'a recogniser') throw new Error(`recognised by ${by.join(', ')}`)
    const right = alone.filter(({ said, intent }) => intent === hears.intentOf(said)).length
    const wordForWord = alone.filter(({ said, words }) => words === said).length
    return [
      {
        name: 'voice_loop',
        value: median(alone.map(({ ms }) => ms)),
        baseline: SILENCE_MS + ALLOWED_MS,
        unit: `ms, last packet with speech to intent, median of ${alone.length}; limit: the silence wait of ${SILENCE_MS} and ${ALLOWED_MS}`,
      },
      {
        name: 'voice_loop_slowest',
        value: Math.max(...alone.map(({ ms }) => ms)),
        baseline: SILENCE_MS + ALLOWED_MS,
        unit: 'ms, the slowest of them; the same limit',
      },
      {
        name: 'voice_loop_understood',
        value: right,
        baseline: alone.length,
        unit: `right command and arguments, of so many; ${wordForWord} word for word`,
      },
      {
        name: 'voice_loop_misattributed',
        value: wrong,
        baseline: ROUNDS * everybody.length,
        unit: `sentences of ${everybody.length} who speak at once that were taken for another's; limit 0`,
      },
    ]
  } finally {
    await stage.close()
    await transcriber.close()
    await google.close()
  }
}

function createEars(transcriber: Parameters<typeof createRecognise>[0]['transcriber']) {
  const interpreter = createInterpreter({ grammar, vocabulary })
  const wakeWords = ['helix']
  const phrases = [...phraseHints(grammar, vocabulary, wakeWords), ...wholeOrders(grammar, vocabulary, wakeWords)]
  // What is paid for is counted beside the way to the intent.
  const budget = {
    state: async () => ({ usedSeconds: 0, allowedSeconds: 1, renewsAt: new Date() }),
    tellOnce: async () => false,
    count: async () => {},
  }
  const recognise = createRecognise({ transcriber, budget, clock: systemClock(), log: quietLog() })
  const queue: Promise<Heard>[] = []
  let came = Promise.withResolvers<void>()

  function intentOf(words: string): string {
    const { command, args } = interpreter.understand(words, { now: new Date() })
    return JSON.stringify({ command, args })
  }

  async function hear(utterance: SpokenUtterance): Promise<Heard> {
    let last = performance.now()
    async function* packets() {
      for await (const packet of utterance.packets) {
        if (!isOpusSilence(packet)) last = performance.now()
        yield packet
      }
    }
    const heard = await recognise({ ...utterance, packets: packets() }, { guild: 'bench', language: 'en-US', phrases })
    const words = heard.kind === 'said' ? heard.transcript.text : heard.kind
    const intent = intentOf(words)
    return { user: utterance.user, words, intent, ms: performance.now() - last }
  }

  return {
    intentOf,
    take(utterance: SpokenUtterance) {
      queue.push(hear(utterance))
      came.resolve()
    },
    /** What the next utterances turned out to be, as many as asked for. */
    async next(many: number): Promise<readonly Heard[]> {
      while (queue.length < many) {
        came = Promise.withResolvers()
        await came.promise
      }
      return Promise.all(queue.splice(0, many))
    },
  }
}
