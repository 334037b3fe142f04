import { readJson } from '#src/kernel/read-json.ts'
import { Refused } from '../refusals.ts'
import { formError } from '../schemas/form-errors.ts'
import type { Upload } from '../uploads.ts'

interface Body {
  readonly body: unknown
  readonly uploads: readonly Upload[]
}

/** Reads JSON, or multipart with `payload_json` and `files[n]`. Refuses 50109, and 50035 for any other type of content. */
export async function readBody(raw: Buffer | undefined, contentType = ''): Promise<Body> {
  if (!raw || raw.length === 0) return { body: undefined, uploads: [] }
  if (contentType.startsWith('application/json')) return { body: parse(raw.toString()), uploads: [] }
  if (contentType.startsWith('multipart/form-data')) return readMultipart(raw, contentType)
  const message = `Expected "Content-Type" header to be one of {'application/json', 'multipart/form-data'}.`
  throw formError([], 'CONTENT_TYPE_INVALID', message)
}

async function readMultipart(raw: Buffer, contentType: string): Promise<Body> {
  const form = await new Response(new Uint8Array(raw), { headers: { 'content-type': contentType } }).formData().catch((cause: unknown) => {
    throw formError([], 'MULTIPART_INVALID', `The multipart body cannot be read: ${cause}`)
  })
  const payload = form.get('payload_json')
  const uploads = await Promise.all(
    [...form].flatMap(([name, value]) => {
      const index = /^files\[(\d+)\]$/.exec(name)?.[1]
      return index === undefined || typeof value === 'string' ? [] : [readFile(index, value)]
    }),
  )
  return { body: typeof payload === 'string' ? parse(payload) : undefined, uploads }
}

async function readFile(index: string, file: File): Promise<Upload> {
  return { index, filename: file.name, type: file.type || 'application/octet-stream', data: Buffer.from(await file.arrayBuffer()) }
}

function parse(text: string): unknown {
  const value = readJson(text)
  if (value === undefined) throw new Refused('invalidJson')
  return value
}
