import multipart, { type MultipartFile } from '@fastify/multipart'
import type { FastifyRequest } from 'fastify'
import { Refusal } from '#src/service/refusal.ts'
import type { ServiceHttp } from '#src/service/request-schemas.ts'
import { mostAudioBytes, readClip } from '../clip.ts'
import { processed, upload } from '../requests.ts'
import { configured } from '../speech.ts'
import { understand } from '../understand.ts'
import type { SpeechParts } from './speech-routes.ts'

const LONGEST_NAME = 255
const limits = { fileSize: mostAudioBytes, files: 2, fields: 5, fieldSize: 1_000, parts: 6, headerPairs: 50 }

/** An uploaded file as text: wav, ogg, webm or mp3, told by its bytes. */
export function uploadRoutes(http: ServiceHttp, { speech, events }: SpeechParts): void {
  http.register(async (scope) => {
    await scope.register(multipart, { limits })
    ;(scope as unknown as ServiceHttp).post(
      '/api/process-audio',
      {
        bodyLimit: mostAudioBytes + 100_000,
        config: { role: 'operator', ratePerMinute: 120, refuses: [400, 502, 503] },
        schema: {
          summary: 'An uploaded file as text',
          querystring: upload,
          consumes: ['multipart/form-data'],
          response: { 200: processed },
        },
      },
      async (request) => {
        configured(speech)
        if (!request.isMultipart()) throw new Refusal(415, 'Send the audio as multipart/form-data, in the field "file".')
        const { file, bytes } = await onlyFile(request)
        const clip = await readClip(bytes, { type: file.mimetype, filename: file.filename })
        const { text, confidence, language } = await understand(speech, clip, { language: request.query.language_code })
        const filename = nameOf(file)
        await events.tell({ event: 'audio_processed', filename, text_length: text.length, confidence })
        return { filename, transcript: text, confidence, language }
      },
    )
  })
}

async function onlyFile(request: FastifyRequest): Promise<{ readonly file: MultipartFile; readonly bytes: Buffer }> {
  const found: { readonly file: MultipartFile; readonly bytes: Buffer }[] = []
  for await (const file of request.files()) found.push({ file, bytes: await file.toBuffer() })
  const [first, second] = found
  if (first?.file.fieldname !== 'file') throw new Refusal(422, 'There is no field "file" with the audio.')
  if (second) throw new Refusal(422, 'There is more than one file: send one at a time.')
  return first
}

/** For show: nothing is written anywhere by that name. */
function nameOf({ filename }: MultipartFile): string {
  return [...filename]
    .filter((character) => character >= ' ')
    .join('')
    .slice(0, LONGEST_NAME)
}
