import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { UserError } from '#src/kernel/errors.ts'
import type { Script } from './script.ts'

const line = z.strictObject({
  text: z.string().trim().min(1).max(5_000),
  confidence: z.number().min(0).max(1).default(0.9),
  /** Base64 of an audio file: then the words are heard whenever this audio is, and not with the next one. */
  audio: z.base64().optional(),
})

interface Deps {
  readonly script: Script
  learn(audio: Uint8Array, text: string, confidence: number): Promise<boolean>
}

/** By which the speaker's side says beforehand what will be understood: `POST /playground/speech/script {"text": "…"}`. */
export function scriptRoutes(http: FastifyInstance, { script, learn }: Deps): void {
  http.post('/playground/speech/script', async (request) => {
    const read = line.safeParse(request.body)
    if (!read.success)
      throw new UserError(`A line is {"text": "…", "confidence"?: 0 to 1, "audio"?: "base64"}. ${read.error.issues[0]?.message}.`)
    const { text, confidence, audio } = read.data
    if (audio === undefined) script.add({ text, confidence })
    else if (!(await learn(Buffer.from(audio, 'base64'), text, confidence)))
      throw new UserError('The audio cannot be read: give WAV, Ogg Opus, WebM or MP3.')
    return { waiting: script.waiting }
  })
  http.delete('/playground/speech/script', async () => {
    script.clear()
    return { waiting: script.waiting }
  })
}
