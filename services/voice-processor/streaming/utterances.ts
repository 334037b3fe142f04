import { UpstreamError } from '#src/kernel/errors.ts'
import type { Log } from '#src/kernel/log.ts'
import type { Recognition, Transcriber, UtteranceStream } from '#src/speech/transcriber.ts'
import type { ServiceMessage } from '#src/speech/wire.ts'

/** The utterances of one connection. Audio goes through, and stays nowhere. */
export interface Utterances {
  start(number: number, recognition: Recognition): void
  /** Of an utterance that is over, or was never begun, it is dropped: the last packets of a sentence may come late. */
  write(number: number, packet: Uint8Array): void
  /** Of an utterance that is not open it is refused, but for one that ended by itself: the two crossed. */
  end(number: number): void
  cancel(number: number): void
  cancelAll(): void
  readonly open: number
}

export interface UtterancesDeps {
  readonly transcriber: Transcriber
  readonly most: number
  readonly log: Log
  send(message: ServiceMessage): void
  onOver(): void
}

/** Utterances that ended by themselves and whose `end` may still come. */
const MOST_ENDED = 100

export function createUtterances({ transcriber, most, log, send, onOver }: UtterancesDeps): Utterances {
  const open = new Map<number, UtteranceStream>()
  const ending = new Set<number>()
  const ended = new Set<number>()
  const refuse = (utterance: number, detail: string) => send({ type: 'error', utterance, detail, retryable: false })

  async function follow(utterance: number, stream: UtteranceStream, language: string): Promise<void> {
    const isOpen = () => open.get(utterance) === stream
    let final: ServiceMessage = { type: 'final', utterance, text: '', confidence: 0, language }
    try {
      for await (const { isFinal, text, confidence, language: spoken } of stream.transcripts) {
        if (!isOpen()) return
        const message = { utterance, text, confidence, language: spoken }
        if (isFinal) final = { type: 'final', ...message }
        else send({ type: 'interim', ...message })
      }
    } catch (error) {
      final = failure(utterance, error)
    }
    if (!isOpen()) return
    open.delete(utterance)
    if (!ending.delete(utterance)) ended.add(utterance)
    for (const oldest of ended) if (ended.size > MOST_ENDED) ended.delete(oldest)
    send(final)
    onOver()
  }

  function failure(utterance: number, error: unknown): ServiceMessage {
    if (!(error instanceof UpstreamError)) {
      log.error({ err: error }, 'an utterance failed')
      return { type: 'error', utterance, detail: 'Something went wrong in voice-processor.', retryable: false }
    }
    const { retryable, code } = error.fault
    log.warn({ err: error, fault: error.fault }, 'an utterance was not transcribed')
    return { type: 'error', utterance, detail: error.message, retryable, ...(code !== undefined && { code }) }
  }

  return {
    start(number, recognition) {
      if (open.has(number)) return refuse(number, 'This utterance has begun already.')
      if (open.size >= most) return refuse(number, `At most ${most} utterances can be open at once.`)
      ended.delete(number)
      const stream = transcriber.stream(recognition)
      open.set(number, stream)
      void follow(number, stream, recognition.language)
    },
    write: (number, packet) => open.get(number)?.write(packet),
    end(number) {
      const stream = open.get(number)
      if (!stream) return ended.delete(number) ? undefined : refuse(number, 'There is no such utterance.')
      ending.add(number)
      stream.end()
    },
    cancel(number) {
      const stream = open.get(number)
      open.delete(number)
      ending.delete(number)
      stream?.cancel()
    },
    cancelAll() {
      for (const stream of open.values()) stream.cancel()
      open.clear()
    },
    get open() {
      return open.size
    },
  }
}
