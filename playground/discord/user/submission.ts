import { z } from 'zod'
import type { Commands } from '../commands.ts'
import { flatten, isSelect } from '../components.ts'
import type { Interaction, Interactions, InteractionType } from '../interactions.ts'
import type { Messages } from '../messages.ts'
import type { Component, Member, StoredMessage } from '../model.ts'
import { Refused } from '../refusals.ts'
import { formError, readForm, snowflake, text } from '../schemas/form-errors.ts'
import type { World } from '../world.ts'
import { commandData } from './command-data.ts'
import { filledModal } from './filled-modal.ts'

const common = {
  application_id: snowflake,
  guild_id: snowflake,
  channel_id: snowflake,
  session_id: z.string(),
  nonce: z.union([z.string(), z.number()]).transform(String).optional(),
}
const optionSchema: z.ZodType<SubmittedOption> = z.lazy(() =>
  z.object({
    type: z.int(),
    name: z.string(),
    value: z.union([z.string().max(6000), z.number(), z.boolean()]).optional(),
    focused: z.boolean().optional(),
    options: z.array(optionSchema).optional(),
  }),
)
const command = z.object({ id: snowflake, version: snowflake, name: z.string(), options: z.array(optionSchema).default([]) })
const component: z.ZodType<SubmittedComponent> = z.lazy(() =>
  z.object({
    type: z.int(),
    custom_id: z.string().optional(),
    value: z.union([z.string(), z.boolean()]).nullish(),
    values: z.array(z.string()).optional(),
    components: z.array(component).optional(),
    component: component.optional(),
  }),
)
const request = z.discriminatedUnion('type', [
  z.object({ ...common, type: z.literal([2, 4]), data: command }),
  z.object({
    ...common,
    type: z.literal(3),
    message_id: snowflake,
    message_flags: z.int().optional(),
    data: z.object({ component_type: z.int(), custom_id: text(1, 100), values: z.array(z.string()).max(25).optional() }),
  }),
  z.object({ ...common, type: z.literal(5), data: z.object({ id: snowflake, custom_id: text(1, 100), components: z.array(component) }) }),
])

export interface SubmittedOption {
  readonly type: number
  readonly name: string
  readonly value?: string | number | boolean | undefined
  readonly focused?: boolean | undefined
  readonly options?: readonly SubmittedOption[] | undefined
}

export interface SubmittedComponent {
  readonly type: number
  readonly custom_id?: string | undefined
  readonly value?: string | boolean | null | undefined
  readonly values?: readonly string[] | undefined
  readonly components?: readonly SubmittedComponent[] | undefined
  readonly component?: SubmittedComponent | undefined
}

export type InteractionRequest = z.infer<typeof request>

/** What a member's client submitted, found to be possible. */
export interface Submission {
  readonly type: InteractionType
  /** As the bot gets it. */
  readonly data: object
  readonly message?: StoredMessage
  readonly metadata?: object
}

interface Deps {
  readonly world: World
  readonly commands: Commands
  readonly messages: Messages
  readonly interactions: Interactions
}

/** Reads the body of `POST /interactions`. Refuses 50035. */
export const readRequest = (body: unknown): InteractionRequest => readForm(request, body)

/** Refuses what Discord refuses its own clients: a stale command, a missing option, a component that is not there, a modal nobody opened. */
export function readSubmission(body: InteractionRequest, member: Member, deps: Deps): Submission {
  if (body.type === 3) return readPress(body, member, deps)
  if (body.type === 5) return readModal(body, member, deps)
  return { type: body.type, data: commandData(body.data, member, deps, body.type === 4) }
}

function readPress(
  { channel_id, message_id, data }: Extract<InteractionRequest, { type: 3 }>,
  { user }: Member,
  { messages }: Deps,
): Submission {
  const stored = messages.find(channel_id, message_id)
  if (!stored || (stored.visibleTo && stored.visibleTo !== user.id)) throw new Refused('unknownMessage')
  const found = flatten(stored.message.components).find(({ custom_id }) => custom_id === data.custom_id)
  if (!found || found.type !== data.component_type || found.disabled) {
    throw formError(['data', 'custom_id'], 'COMPONENT_VALIDATION_FAILED', 'Component validation failed')
  }
  if (isSelect(found)) refuseValues(found, data.values ?? [])
  const chosen = isSelect(found) ? { values: data.values ?? [] } : {}
  return {
    type: 3,
    data: { component_type: found.type, custom_id: data.custom_id, id: found.id, ...chosen },
    message: stored,
    metadata: { interacted_message_id: message_id },
  }
}

function readModal(
  { data, channel_id }: Extract<InteractionRequest, { type: 5 }>,
  { user }: Member,
  { interactions, messages }: Deps,
): Submission {
  const opened: Interaction | undefined = interactions.withModal(data.id, user.id, data.custom_id)
  if (!opened?.modal) throw new Refused('unknownInteraction')
  const message = opened.source === undefined ? undefined : messages.find(channel_id, opened.source)
  return {
    type: 5,
    data: { custom_id: data.custom_id, components: filledModal(opened.modal.components, data.components) },
    ...(message ? { message } : {}),
    metadata: { triggering_interaction_metadata: opened.metadata },
  }
}

function refuseValues({ min_values, max_values, options }: Component, values: readonly string[]): void {
  const known = options?.map(({ value }) => value)
  const fits =
    values.length >= (min_values ?? 1) && values.length <= (max_values ?? 1) && values.every((value) => known?.includes(value) ?? true)
  if (!fits) throw formError(['data', 'values'], 'COMPONENT_VALIDATION_FAILED', 'Component validation failed')
}
