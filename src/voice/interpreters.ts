import type { Place } from '#src/kernel/call.ts'
import type { Clock } from '#src/kernel/clock.ts'
import type { Directory } from '#src/kernel/directory.ts'
import { UserError } from '#src/kernel/errors.ts'
import type { Log } from '#src/kernel/log.ts'
import type { Phrase } from '#src/speech/transcriber.ts'
import type { Grammar } from '#src/understanding/grammar.ts'
import { createInterpreter, type Interpreter } from '#src/understanding/interpreter.ts'
import { phraseHints } from '#src/understanding/phrase-hints.ts'
import type { Vocabulary } from '#src/understanding/vocabulary.ts'
import { wholeOrders } from '#src/understanding/whole-orders.ts'

/** What it takes to understand what is said at a place, by the names that there are at this moment. */
export interface Understands {
  readonly interpreter: Interpreter
  /** What a recogniser shall expect to hear. */
  readonly phrases: readonly Phrase[]
}

export interface Interpreters {
  /** As far as it is known already: nothing is waited for. */
  now(place: Place, wakeWords: readonly string[]): Understands
  /** With names that are at most two minutes old, if they can be had soon. */
  fresh(place: Place, wakeWords: readonly string[]): Promise<Understands>
}

export interface InterpretersParts {
  readonly grammar: Grammar
  readonly directory: Pick<Directory, 'services' | 'environments' | 'agents'>
  readonly clock: Clock
  readonly log: Log
}

interface Known {
  readonly vocabulary: Vocabulary
  readonly wakeWords: readonly string[]
  readonly understands: Understands
}

const FRESH_MS = 120_000
/** Whoever speaks is not kept waiting for names. */
const SOON_MS = 1_500
const MOST_PLACES = 100
/** Environments whose services are learnt: each costs a reading. */
const MOST_ENVIRONMENTS = 8
const nothing: Vocabulary = { services: [], environments: [], agents: [] }

export function createInterpreters({ grammar, directory, clock, log }: InterpretersParts): Interpreters {
  const known = new Map<string, Known>()
  const learnt = new Map<string, { readonly at: number; readonly done: Promise<void> }>()

  function remember(key: string, vocabulary: Vocabulary, wakeWords: readonly string[]): Understands {
    const before = known.get(key)
    if (before && same(before.vocabulary, vocabulary) && same(before.wakeWords, wakeWords)) return before.understands
    const understands = {
      interpreter: createInterpreter({ grammar, vocabulary, wakeWords }),
      phrases: [...phraseHints(grammar, vocabulary, wakeWords), ...wholeOrders(grammar, vocabulary, wakeWords)],
    }
    known.delete(key)
    known.set(key, { vocabulary, wakeWords, understands })
    for (const oldest of known.keys()) {
      if (known.size <= MOST_PLACES) break
      known.delete(oldest)
      learnt.delete(oldest)
    }
    return understands
  }

  function now(place: Place, wakeWords: readonly string[]): Understands {
    const key = keyOf(place)
    return remember(key, known.get(key)?.vocabulary ?? nothing, wakeWords)
  }

  /** One reading at a time for a place, and no other for two minutes. */
  function learn(place: Place, wakeWords: readonly string[]): Promise<void> {
    const key = keyOf(place)
    const before = learnt.get(key)
    const at = clock.now().getTime()
    if (before && at - before.at < FRESH_MS) return before.done
    const done = readVocabulary(place).then((vocabulary) => void remember(key, vocabulary, wakeWords))
    learnt.set(key, { at, done })
    return done
  }

  async function readVocabulary(place: Place): Promise<Vocabulary> {
    const before = known.get(keyOf(place))?.vocabulary ?? nothing
    const keep =
      <Value>(old: Value) =>
      (error: unknown): Value => {
        // Where there is no orchestrator there are no agents to be named.
        if (!(error instanceof UserError)) log.warn({ err: error, guild: place.guild }, 'names that may be spoken could not be read')
        return old
      }
    const environments = await directory.environments(place).catch(keep([]))
    const places = environments.slice(0, MOST_ENVIRONMENTS).map(({ id }) => ({ ...place, environment: id }))
    const [agents, ...services] = await Promise.all([
      directory.agents().then(namesOf).catch(keep(before.agents)),
      ...[place, ...places.filter(({ environment }) => environment !== place.environment)].map((each) =>
        directory.services(each).then(namesOf).catch(keep(before.services)),
      ),
    ])
    return {
      services: [...new Set(services.flat())],
      environments: environments.length > 0 ? namesOf(environments) : before.environments,
      agents,
    }
  }

  return {
    now,
    async fresh(place, wakeWords) {
      const enough = new AbortController()
      await Promise.race([learn(place, wakeWords), clock.sleep(SOON_MS, enough.signal)])
      enough.abort()
      return now(place, wakeWords)
    },
  }
}

function namesOf(named: readonly { readonly name: string }[]): readonly string[] {
  return named.map(({ name }) => name)
}

function keyOf({ guild, project, environment }: Place): string {
  return JSON.stringify([guild, project, environment])
}

function same(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other)
}
