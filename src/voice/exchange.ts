import { randomUUID } from 'node:crypto'
import type { Store } from '#src/adapters/store/store.ts'
import type { Delivery } from '#src/delivery/delivery.ts'
import type { Place } from '#src/kernel/call.ts'
import type { Clock } from '#src/kernel/clock.ts'
import type { Fact, Report } from '#src/kernel/report.ts'
import type { Wish } from '#src/understanding/understanding.ts'
import { heardLabel, type Transcripts, withoutWords } from './transcripts.ts'
import { wishTyped } from './wish-words.ts'

/** What a member says to Helix and what becomes of it, as one living message of the text channel. */
export interface Exchange {
  readonly id: string
  /** The key of its next call. */
  nextKey(): string
  /** What seems to be said so far; written at most once a second, and never in the way of what follows. */
  hearing(words: string): void
  /** The words are final: from here on they are kept. */
  heard(words: string): void
  /** How it was understood. */
  understood(wish: Wish | undefined): void
  /** A remark beside what stands there, such as somebody else's “confirm”. */
  remark(remark: string): Promise<void>
  /** What came of it. `open`: a question waits. */
  show(outcome: Report, state?: 'open'): Promise<Report>
  /** Nothing comes of the words, which were not for Helix where no reason is given: what was shown already is taken back. The first reason stays. */
  drop(why?: string): Promise<void>
}

export interface ExchangeParts {
  readonly store: Store
  readonly delivery: Pick<Delivery, 'post' | 'revise'>
  readonly transcripts: Pick<Transcripts, 'keep'>
  readonly place: Place
  /** The text channel. */
  readonly channel: string
  readonly user: string
  /** How the speaker is called. */
  readonly name: string
  readonly clock: Clock
  readonly onFailure: (error: unknown) => void
}

const BETWEEN_INTERIMS_MS = 1_000
/** Discord shows 1,024 characters of a fact, of which 40 are the speaker's name. */
const MOST_WORDS_SHOWN = 960

export function createExchange(parts: ExchangeParts): Exchange {
  const { store, delivery, transcripts, place, channel, user, name, clock, onFailure } = parts
  const id = randomUUID()
  const lines: string[] = []
  let wish: Wish | undefined
  let remarks: readonly string[] = []
  let last: Report | undefined
  let isPosted = false
  let isFinal = false
  let isStored = false
  let isDropped = false
  let calls = 0
  let lastWrite = 0
  let writing = Promise.resolve()

  function report({ facts = [], ...outcome }: Report, words: readonly string[]): Report {
    const own: readonly Fact[] = [
      { label: heardLabel, value: `${name}: ${newest(words.map((line) => `“${line}”`).join('\n'))}` },
      ...(wish ? [{ label: 'Understood', value: wishTyped(wish) }] : []),
      ...remarks.map((value) => ({ label: 'And', value })),
    ]
    return { ...outcome, facts: [...own, ...facts] }
  }

  /** One write after the other, in the order in which they were asked for. */
  function write(shown: Report, state: 'interim' | 'open' | 'over'): Promise<void> {
    lastWrite = clock.now().getTime()
    const spoken = { id, place, user, text: lines.join('\n') }
    const became = { command: wish?.command, outcome: state === 'over' ? last?.sentence : undefined }
    const written = writing.then(() =>
      store.db.transaction().execute(async (tx) => {
        const isNew = !isStored
        const isKept = state === 'interim' || (await transcripts.keep(spoken, { ...became, isNew }, tx))
        await delivery.revise(tx, id, isKept ? shown : withoutWords(shown), place)
        if (!isPosted) await delivery.post(tx, { subject: id, place, channel })
      }),
    )
    writing = written.then(
      () => {
        isPosted = true
        isStored ||= state !== 'interim'
      },
      () => {},
    )
    return written
  }

  return {
    id,
    nextKey: () => `voice:${id}:${++calls}`,
    hearing(words) {
      if (isFinal || clock.now().getTime() - lastWrite < BETWEEN_INTERIMS_MS) return
      const listening = { title: 'Listening', tone: 'neutral', sentence: `${name} is speaking to Helix.` } as const
      write(report(listening, [...lines, `${words} …`]), 'interim').catch(onFailure)
    },
    heard(words) {
      isFinal = true
      lines.push(words)
    },
    understood(next) {
      wish = next
    },
    async remark(remark) {
      if (!last || remarks.length >= 5 || remarks.includes(remark)) return
      remarks = [...remarks, remark]
      await write(report(last, lines), last.actions?.some(({ confirms }) => confirms) ? 'open' : 'over')
    },
    async show(outcome, state) {
      last = outcome
      const shown = report(outcome, lines)
      await write(shown, state ?? 'over')
      return shown
    },
    async drop(sentence = 'Nothing came of what was said here, and it was not kept.') {
      await writing
      if (!isPosted || isFinal || isDropped) return
      isDropped = true
      await write({ title: 'Voice', tone: 'neutral', sentence }, 'interim')
    },
  }
}

/** Of a text that is too long its end, from the beginning of a word. */
function newest(text: string): string {
  return text.length <= MOST_WORDS_SHOWN ? text : `… ${text.slice(-MOST_WORDS_SHOWN).replace(/^\S*\s+/, '')}`
}
