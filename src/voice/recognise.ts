import type { Clock } from '#src/kernel/clock.ts'
import { UpstreamError } from '#src/kernel/errors.ts'
import type { Log } from '#src/kernel/log.ts'
import type { Phrase, Transcriber, Transcript } from '#src/speech/transcriber.ts'
import { setDeadline } from './deadline.ts'
import type { SpokenUtterance } from './room.ts'
import { budgetSentence, type SpeechBudget } from './speech-budget.ts'
import { createTape, type Tape } from './tape.ts'

export interface RecogniseDeps {
  readonly transcriber: Transcriber
  readonly budget: Pick<SpeechBudget, 'state' | 'tellOnce' | 'count'>
  readonly clock: Clock
  readonly log: Log
  /** From the end of what was said to the final transcript, a second try included. */
  readonly finalMs?: number
}

export interface Hearing {
  readonly guild: string
  /** BCP-47. */
  readonly language: string
  /** Words to expect: names of services and environments, commands. */
  readonly phrases: readonly Phrase[]
  /** What it sounds like so far: to be shown, never to be acted on. */
  readonly onInterim?: (transcript: Transcript) => void
  /** Aborted when the member withdraws the consent or leaves, be it after the last word: nothing of it may be used any more. */
  readonly signal?: AbortSignal
}

/** What became of one utterance. `cut`: it went on for too long, and the rest was not heard. */
export type Outcome =
  /** `tookMs`: from its end to the final transcript. */
  | { readonly kind: 'said'; readonly transcript: Transcript; readonly cut: boolean; readonly tookMs: number }
  /** No speech was in it. */
  | { readonly kind: 'nothing'; readonly cut: boolean }
  /** The member left or withdrew the consent. */
  | { readonly kind: 'dropped' }
  /** Nobody listened to it. `tell`: the guild was not told today. */
  | { readonly kind: 'over budget'; readonly message: string; readonly tell: boolean }
  /** UpstreamError where the recogniser failed, at the second try as well. */
  | { readonly kind: 'failed'; readonly error: unknown }

/** The user is who it was when the utterance began, however late the recogniser answers. */
export type Recognised = Outcome & Pick<SpokenUtterance, 'user' | 'number'>

/** Speech to text of one utterance: nothing that is said in another becomes part of it. Never rejects. */
export type Recognise = (utterance: SpokenUtterance, hearing: Hearing) => Promise<Recognised>

export const recogniseDefaults = { finalMs: 12_000 } as const
/** A recogniser ends a stream by its own rules; whoever goes on speaking gets another one, but not without end. */
const MOST_STREAMS = 8
const PACKET_S = 0.02

export function createRecognise(deps: RecogniseDeps): Recognise {
  const { transcriber, budget, clock, log, finalMs = recogniseDefaults.finalMs } = deps

  /** One stream, from the beginning of the tape. */
  async function attempt(tape: Tape, { language, phrases, onInterim }: Hearing, stop: AbortSignal): Promise<Transcript | undefined> {
    const stream = transcriber.stream({ language, phrases })
    const cancel = () => stream.cancel()
    stop.addEventListener('abort', cancel, { once: true })
    let final: Transcript | undefined
    try {
      tape.play(stream)
      for await (const transcript of stream.transcripts) {
        if (transcript.isFinal) final = transcript
        else if (!stop.aborted) onInterim?.(transcript)
      }
    } finally {
      stop.removeEventListener('abort', cancel)
    }
    return final
  }

  /** All of it, however many streams that takes. One failure that may pass is forgiven: then it is heard again, from memory. */
  async function hear(tape: Tape, hearing: Hearing, stop: AbortSignal): Promise<readonly Transcript[]> {
    const parts: Transcript[] = []
    let forgiven = false
    for (let streams = 0; streams < MOST_STREAMS && !stop.aborted; streams++) {
      try {
        const part = await attempt(tape, hearing, stop)
        if (part) parts.push(part)
      } catch (error) {
        if (forgiven || !mayPass(error)) throw error
        forgiven = true
        log.info({ err: error }, 'a recogniser failed, and hears it again')
        continue
      }
      tape.forget()
      if (!(await tape.hasMore())) break
    }
    return parts
  }

  async function outcomeOf(utterance: SpokenUtterance, hearing: Hearing, tape: Tape): Promise<Outcome> {
    const deadline = setDeadline({ utterance, withdrawn: hearing.signal, clock, finalMs })
    try {
      const state = await budget.state(hearing.guild)
      if (state.usedSeconds >= state.allowedSeconds)
        return { kind: 'over budget', message: budgetSentence(state), tell: await budget.tellOnce(hearing.guild) }
      const transcript = joined(await hear(tape, hearing, deadline.signal))
      const cut = (await utterance.ended) === 'too long'
      if (deadline.why === 'dropped') return { kind: 'dropped' }
      if (deadline.why === 'late') return { kind: 'failed', error: late() }
      return transcript ? { kind: 'said', transcript, cut, tookMs: deadline.sinceEnd() } : { kind: 'nothing', cut }
    } catch (error) {
      return deadline.why === 'dropped' ? { kind: 'dropped' } : { kind: 'failed', error }
    } finally {
      deadline.close()
    }
  }

  /** What was heard is heard, even where it cannot be counted. */
  async function count(guild: string, packets: number): Promise<void> {
    if (packets === 0) return
    await budget.count(guild, packets * PACKET_S).catch((err: unknown) => log.error({ err }, 'recognised speech could not be counted'))
  }

  return async (utterance, hearing) => {
    const { user, number } = utterance
    const tape = createTape(utterance.packets)
    const outcome = await outcomeOf(utterance, hearing, tape)
    tape.erase()
    await count(hearing.guild, tape.played)
    return { user, number, ...outcome }
  }
}

function mayPass(error: unknown): boolean {
  return error instanceof UpstreamError && error.fault.retryable && error.fault.outcome === 'ambiguous'
}

function late(): UpstreamError {
  const fault = { provider: 'speech recognition', operation: 'transcribe', retryable: true, outcome: 'ambiguous' } as const
  return new UpstreamError('The recogniser did not answer in time.', fault)
}

/** As sure as its least sure part. */
function joined(parts: readonly Transcript[]): Transcript | undefined {
  const heard = parts.filter(({ text }) => text.trim() !== '')
  const [first] = heard
  if (!first) return undefined
  const text = heard.map((part) => part.text.trim()).join(' ')
  return { ...first, text, confidence: Math.min(...heard.map(({ confidence }) => confidence)) }
}
