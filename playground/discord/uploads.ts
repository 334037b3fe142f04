import type { Attachment } from './model.ts'
import { Refused } from './refusals.ts'
import type { MessageForm } from './schemas/message.ts'
import type { World } from './world.ts'

/** A file of a multipart request, `files[n]`. */
export interface Upload {
  readonly index: string
  readonly filename: string
  readonly type: string
  readonly data: Buffer
}

/** https://docs.discord.com/developers/reference#uploading-files */
export const sizeLimits = { file: 10 * 1024 * 1024, request: 25 * 1024 * 1024 } as const

/** By the file's ending, whatever the sender says. */
const types: Readonly<Record<string, string>> = {
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  webp: 'image/webp',
  gif: 'image/gif',
  txt: 'text/plain; charset=utf-8',
  log: 'text/plain; charset=utf-8',
  json: 'application/json',
}

/** Keeps the files and describes them as the request's `attachments` do (by `id` = n). Refuses 50045. */
export function keepUploads(uploads: readonly Upload[], channel: string, form: MessageForm, world: World): Attachment[] {
  return uploads.map(({ index, filename, type: claimed, data }) => {
    if (data.length > sizeLimits.file) throw new Refused('fileTooLarge')
    const described = form.attachments?.find(({ id }) => id === index)
    const id = world.ids.next()
    const name = (described?.filename ?? filename).replaceAll(/[^\w.-]/g, '_')
    const type = types[name.toLowerCase().replace(/.*\./, '')] ?? claimed
    const path = `${channel}/${id}/${name}`
    world.files.set(path, { type, data })
    return {
      id,
      filename: name,
      size: data.length,
      url: `cdn:${path}`,
      proxy_url: `cdn:${path}`,
      content_type: type,
      ...(described?.description ? { description: described.description } : {}),
      ...pngSize(data),
    }
  })
}

/** `attachment://name` in an embed or a component becomes the file of that name. */
export function resolveAttachments<Value>(value: Value, attachments: readonly Attachment[]): Value {
  const text = JSON.stringify(value)
  if (!text?.includes('"attachment://')) return value
  return JSON.parse(
    text.replaceAll(/"attachment:\/\/([^"]*)"/g, (whole, name: string) => {
      const found = attachments.find(({ filename }) => filename === name)
      return found ? `"${found.url}"` : whole
    }),
  ) as Value
}

function pngSize(data: Buffer): { width: number; height: number } | undefined {
  const signature = '89504e470d0a1a0a'
  if (data.length < 24 || data.toString('hex', 0, 8) !== signature) return undefined
  return { width: data.readUInt32BE(16), height: data.readUInt32BE(20) }
}
