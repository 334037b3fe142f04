import type { Message } from './model.ts'
import type { MessageForm } from './schemas/message.ts'
import type { World } from './world.ts'

type Mentions = Pick<Message, 'mentions' | 'mention_roles' | 'mention_everyone'>

/**
 * Who is mentioned. Without `allowed_mentions`, messages in channels mention all that they name; those by an interaction's token
 * users alone: https://docs.discord.com/developers/resources/message#allowed-mentions-object
 */
export function mentionsIn(
  content: string,
  allowed: MessageForm['allowed_mentions'],
  otherwise: readonly string[],
  world: World,
): Mentions {
  const parse = allowed ? (allowed.parse ?? []) : otherwise
  const named = (pattern: RegExp) => [...new Set([...content.matchAll(pattern)].map(([, id]) => String(id)))]
  const users = named(/<@!?(\d+)>/g).filter((id) => parse.includes('users') || allowed?.users?.includes(id))
  const roles = named(/<@&(\d+)>/g).filter((id) => parse.includes('roles') || allowed?.roles?.includes(id))
  return {
    mentions: users.flatMap((id) => world.members.get(id)?.user ?? []),
    mention_roles: roles.filter((id) => world.roles.has(id)),
    mention_everyone: parse.includes('everyone') && /@(everyone|here)\b/.test(content),
  }
}
