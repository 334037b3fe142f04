import { channels } from '#src/kernel/channels.ts'
import type { Role } from '#src/kernel/command.ts'
import { isAtLeast } from '#src/tokens/claimed-role.ts'
import type { SubscriptionRequest } from './messages/control-message.ts'
import type { Form, FramedEntry } from './messages/framed-entry.ts'

/** What one client gets, and how. */
export interface Filter {
  readonly channels: ReadonlySet<string>
  /** Undefined: of all, and what is of none. */
  readonly agents: ReadonlySet<string> | undefined
  readonly form: Form
}

/** What people say and what other companies send is for whoever may operate; how the system does, for everybody with a token. */
const forOperators = new Set<string>([
  channels.voiceEvents,
  channels.zapierEvents,
  channels.zapierTriggers,
  channels.zapierActions,
  channels.agentTaskQueue,
  channels.agentTaskEvents,
])
/** Between the replicas of this service: what admins see. */
const forAdmins = new Set<string>([channels.streamingClients])

/** The channels that exist, as far as somebody of this role may know of them. */
export function visibleChannels(role: Role): readonly string[] {
  return Object.values(channels).filter((channel) => {
    if (forAdmins.has(channel)) return isAtLeast(role, 'admin')
    return !forOperators.has(channel) || isAtLeast(role, 'operator')
  })
}

/** Of a client that asked for nothing: as it was before there was anything to ask for. */
export const legacyFilter: Filter = { channels: new Set([channels.consciousnessStream]), agents: undefined, form: 'plain' }

/** What was asked for, or a sentence why not. `*` is every channel that the role may see. */
export function filterOf({ channels: asked, agents }: SubscriptionRequest, role: Role, byDefault: readonly string[]): Filter | string {
  const visible = visibleChannels(role)
  const wanted = asked ?? byDefault
  const named = wanted.includes('*') ? visible : wanted
  const unknown = named.filter((channel) => !visible.includes(channel))
  if (unknown.length > 0) return `There is no channel ${unknown.join(', ')} that you may see. There are: ${visible.join(', ')}.`
  return { channels: new Set(named), agents: agents && new Set(agents), form: 'enveloped' }
}

export function wants({ channels: wanted, agents }: Filter, { entry, agent }: FramedEntry): boolean {
  return wanted.has(entry.channel) && (!agents || (agent !== undefined && agents.has(agent)))
}

/** Clients of the same key get the same bytes. */
export function filterKey({ channels: wanted, agents, form }: Filter): string {
  return JSON.stringify([form, [...wanted].sort(), agents && [...agents].sort()])
}
