import type { MessageBody } from '#src/adapters/discord/discord.ts'
import type { Leased } from './lease.ts'

/** Discord's limit on a message's content, in characters. https://discord.com/developers/docs/resources/message */
const longest = 2_000

/** What a message says besides its report: whom it calls, where it was meant for, where its thread is. A note is its sentence alone. */
export function dressed(body: MessageBody, { mentions, meantFor, thread, message, threadOf }: Leased): MessageBody {
  const called = mentions.map((role) => `<@&${role}> `).join('')
  const elsewhere = meantFor === undefined ? '' : `\nMeant for <#${meantFor}>, where Helix cannot post.`
  // The thread on a message shows itself; one that hangs on the message before must be named.
  const linked = thread === undefined || thread === message ? '' : `\nThread: <#${thread}>`
  const room = longest - called.length - elsewhere.length - linked.length
  const said = body.content.length > room ? `${body.content.slice(0, room - 1).toWellFormed()}…` : body.content
  const whole = { ...body, content: `${called}${said}${elsewhere}${linked}`, ...(mentions.length > 0 && { mentions }) }
  return threadOf === undefined ? whole : { ...whole, embeds: [], components: [] }
}

/** What is left in the place of a message that goes on elsewhere, where its thread hangs on it. */
export function sentOn(guild: string, channel: string, message: string): MessageBody {
  return { content: `This goes on in https://discord.com/channels/${guild}/${channel}/${message}`, embeds: [], components: [] }
}
