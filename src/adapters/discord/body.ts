import type { RawFile } from 'discord.js'
import type { MessageBody } from './discord.ts'

export interface MessageRequest {
  readonly body: Readonly<Record<string, unknown>>
  readonly files: RawFile[]
}

/**
 * A message as REST takes it. Mentions are off, but for the roles that it names, and the attachments listed each time: an edit parses mentions anew, and keeps no file
 * that it does not list. https://discord.com/developers/docs/reference#uploading-files
 */
export function messageRequest(message: MessageBody, extra: Readonly<Record<string, unknown>> = {}): MessageRequest {
  const { content, embeds, components, files = [], mentions = [] } = message
  return {
    body: {
      content,
      embeds,
      components,
      allowed_mentions: { parse: [], ...(mentions.length > 0 && { roles: mentions }) },
      attachments: files.map(({ name, description }, id) => ({ id: String(id), filename: name, description })),
      ...extra,
    },
    files: files.map(({ name, data }) => ({
      name,
      data: data as Uint8Array<ArrayBuffer>,
      ...(name.endsWith('.txt') && { contentType: 'text/plain; charset=utf-8' }),
      ...(name.endsWith('.md') && { contentType: 'text/markdown; charset=utf-8' }),
    })),
  }
}
