import type { Message } from './model.ts'
import type { World } from './world.ts'

/** How long a link to an upload works, as Discord's do. */
const linkMs = 86_400_000

/** A message as it leaves the house: `cdn:` becomes a link at the playground's address that expires in a day. */
export function present(stored: Message, { clock, publicUrl, channels }: World): Message {
  // Its thread as it is now.
  const message = stored.thread ? { ...stored, thread: channels.get(stored.id) ?? stored.thread } : stored
  if (message.attachments.length === 0 && message.embeds.length === 0 && message.components.length === 0) return message
  const text = JSON.stringify({ attachments: message.attachments, embeds: message.embeds, components: message.components })
  if (!text.includes('"cdn:')) return message
  const expires = Math.floor((clock.now().getTime() + linkMs) / 1000).toString(16)
  const link = (_: string, path: string) => `"${publicUrl()}/attachments/${path}?ex=${expires}"`
  return { ...message, ...JSON.parse(text.replaceAll(/"cdn:([^"]*)"/g, link)) }
}
