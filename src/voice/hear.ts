import { UpstreamError } from '#src/kernel/errors.ts'
import type { Log } from '#src/kernel/log.ts'
import type { Understanding } from '#src/understanding/understanding.ts'
import type { Exchange } from './exchange.ts'
import type { Interpreters } from './interpreters.ts'
import type { Recognise } from './recognise.ts'
import type { SpokenUtterance } from './room.ts'
import type { Session } from './session.ts'
import type { Talk } from './talk.ts'
import { withoutSecrets } from './without-secrets.ts'

/** What somebody said, in words. */
export interface Said {
  /** Secrets are masked: nothing behind this sees them. */
  readonly words: string
  readonly hasSecret: boolean
  /** It went on for too long: this is its beginning. */
  readonly isCut: boolean
  readonly startedAt: Date
}

export interface Hearing {
  /** Undefined: there were no words, or none that may be used; the channel was told where it must know. */
  words(session: Session, talk: Talk, utterance: SpokenUtterance, exchange: Exchange): Promise<Said | undefined>
  understand(session: Session, talk: Talk, said: Said): Promise<Understanding>
  /** Whether the whole of it is a yes, if Helix had asked. */
  isYes(session: Session, said: Said): boolean
}

export interface HearingParts {
  readonly recognise: Recognise
  readonly interpreters: Interpreters
  readonly log: Log
}

export function createHearing({ recognise, interpreters, log }: HearingParts): Hearing {
  return {
    async words(session, talk, utterance, exchange) {
      const { settings, place } = session
      const { startedAt } = utterance
      const { interpreter, phrases } = interpreters.now(place, settings.wakeWords)
      const waits = isAwaited(talk, startedAt)
      const recognised = await recognise(utterance, {
        guild: place.guild,
        language: settings.language,
        phrases,
        signal: talk.gone.signal,
        onInterim({ text }) {
          // Only what is for Helix is shown, and an answer to it is shown when it is final.
          if (waits || talk.gone.signal.aborted) return
          const words = withoutSecrets(text)
          if (interpreter.understand(words, { now: startedAt }).addressed) exchange.hearing(words)
        },
      })
      switch (recognised.kind) {
        case 'said': {
          session.mended('recogniser')
          const words = withoutSecrets(recognised.transcript.text)
          session.took(recognised.tookMs)
          return { words, hasSecret: words !== recognised.transcript.text, isCut: recognised.cut, startedAt }
        }
        case 'over budget':
          if (recognised.tell) await session.tell({ title: 'Voice', tone: 'warning', sentence: recognised.message })
          break
        case 'failed':
          log.warn({ err: recognised.error, guild: place.guild }, 'an utterance could not be recognised')
          await session.tellOnce(
            'recogniser',
            `Helix cannot understand speech right now, so nothing is done by voice. ${reasonOf(recognised.error)}`,
          )
          await exchange.drop('Helix could not understand what was said here, so nothing was done. Say it again, or type it.')
          break
        case 'nothing':
        case 'dropped':
      }
      return undefined
    },
    async understand(session, talk, { words, startedAt }) {
      const { wakeWords } = session.settings
      const { interpreter } = await interpreters.fresh(session.place, wakeWords)
      // A question waits for as long as it stands, be that longer than the memory of what was spoken of.
      const context = talk.pending && talk.context ? { ...talk.context, asked: true, at: startedAt } : talk.context
      const given = { now: startedAt, context }
      const understanding = interpreter.understand(words, given)
      const { attentive } = talk
      const isCalled = attentive !== undefined && attentive.from <= startedAt && startedAt <= attentive.until
      if (isCalled) talk.attentive = undefined
      if (understanding.addressed || !isCalled) return understanding
      return interpreter.understand(`${wakeWords[0]} ${words}`, given)
    },
    isYes({ place, settings }, { words, startedAt: at }) {
      const { interpreter } = interpreters.now(place, settings.wakeWords)
      return interpreter.understand(words, { now: at, context: { asked: true, at } }).answer === 'confirm'
    },
  }
}

/** Whether Helix asked something that this may be the answer to. */
function isAwaited({ pending, asking }: Talk, at: Date): boolean {
  return pending !== undefined || (asking !== undefined && at <= asking.until)
}

function reasonOf(error: unknown): string {
  return error instanceof UpstreamError ? error.message : 'The fault is in the log.'
}
