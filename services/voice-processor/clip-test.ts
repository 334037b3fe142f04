import { readFile } from 'node:fs/promises'
import type { z } from 'zod'
import type { Clock } from '#src/kernel/clock.ts'
import { UpstreamError } from '#src/kernel/errors.ts'
import type { Log } from '#src/kernel/log.ts'
import type { Transcript } from '#src/speech/transcriber.ts'
import { readClip } from './clip.ts'
import type { clipTest } from './requests.ts'
import { howToConfigure, type Speech } from './speech.ts'

export type ClipTest = z.output<typeof clipTest>

/** How long an answer is good for: each costs as much as any transcription. */
const GOOD_MS = 300_000
const BAD_MS = 30_000
/** Recognisers spell names as they like. */
const LEAST_SHARE = 0.7
const files = { audio: new URL('test-clip.ogg', import.meta.url), text: new URL('test-clip.txt', import.meta.url) }

/** Transcribes the clip that is shipped with the service, and says whether that is what was said in it. Never throws for a provider's failure. */
export function createClipTest({ speech, clock, log }: { readonly speech: Speech | undefined; readonly clock: Clock; readonly log: Log }) {
  let last: { readonly until: number; readonly result: ClipTest } | undefined
  let running: Promise<ClipTest> | undefined

  async function run(): Promise<ClipTest> {
    const started = clock.now()
    const expected = (await readFile(files.text, 'utf8')).trim()
    const base = { expected, tested_at: started.toISOString() }
    if (!speech) return { ...base, status: 'unconfigured', test: howToConfigure }
    try {
      const clip = await readClip(await readFile(files.audio))
      const transcript = await speech.transcriber.transcribe(clip, { language: 'en-US' })
      return { ...base, ...verdict(transcript, expected), took_ms: clock.now().getTime() - started.getTime() }
    } catch (err) {
      if (!(err instanceof UpstreamError)) throw err
      log.warn({ err, fault: err.fault }, 'the test clip could not be transcribed')
      return { ...base, status: 'failed', test: err.message }
    }
  }

  async function refresh(): Promise<ClipTest> {
    const result = await run()
    last = { until: clock.now().getTime() + (result.status === 'success' ? GOOD_MS : BAD_MS), result }
    return result
  }

  return async (): Promise<ClipTest> => {
    if (last && clock.now().getTime() < last.until) return last.result
    running ??= refresh().finally(() => {
      running = undefined
    })
    return running
  }
}

function verdict(transcript: Transcript | undefined, expected: string): Pick<ClipTest, 'status' | 'test' | 'confidence'> {
  if (!transcript) return { status: 'failed', test: 'No speech was detected in the test clip.' }
  const heard = new Set(wordsOf(transcript.text))
  const words = wordsOf(expected)
  const share = words.filter((word) => heard.has(word)).length / words.length
  return { status: share >= LEAST_SHARE ? 'success' : 'failed', test: transcript.text, confidence: transcript.confidence }
}

function wordsOf(text: string): string[] {
  return text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []
}
