import { z } from 'zod'
import { flatten } from '../components.ts'
import type { Component } from '../model.ts'
import { layout, rows } from './component.ts'
import { embeds } from './embed.ts'
import { fail, list, readForm, snowflake, text } from './form-errors.ts'

const ids = list(snowflake, 0, 100).nullish()
const allowedMentions = z
  .object({
    parse: z.array(z.literal(['users', 'roles', 'everyone'])).nullish(),
    users: ids,
    roles: ids,
    replied_user: z.boolean().nullish(),
  })
  .superRefine((value, context) => {
    for (const kind of ['users', 'roles'] as const) {
      if (!value.parse?.includes(kind) || !value[kind]?.length) continue
      fail(context, [], 'MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE', `parse:["${kind}"] and ${kind}: [ids...] are mutually exclusive.`)
    }
  })

const attachment = z.object({
  id: z.union([z.string(), z.number()]).transform(String),
  filename: z.string().nullish(),
  description: text(0, 1024).nullish(),
})

const body = z.object({
  content: text(0, 2000).nullish(),
  embeds: embeds.nullish(),
  components: z.array(z.unknown()).nullish(),
  flags: z.int().nullish(),
  tts: z.boolean().nullish(),
  nonce: z.union([z.int().transform(String), text(0, 25)]).nullish(),
  enforce_nonce: z.boolean().nullish(),
  allowed_mentions: allowedMentions.nullish(),
  attachments: list(attachment, 0, 10).nullish(),
  message_reference: z
    .object({ message_id: snowflake, channel_id: snowflake.nullish(), fail_if_not_exists: z.boolean().nullish() })
    .nullish(),
})

export const flag = {
  suppressEmbeds: 4,
  hasThread: 32,
  ephemeral: 64,
  loading: 128,
  suppressNotifications: 4096,
  componentsV2: 32768,
} as const

export interface MessageForm extends Omit<z.infer<typeof body>, 'components'> {
  readonly components?: readonly Component[] | null | undefined
}

/** Reads a message as it is created or edited. `flags`: those the edited message has already; `at`: where it stands in the request. Refuses 50035. */
export function readMessage(input: unknown, flags = 0, at: readonly string[] = []): MessageForm {
  const schema = body.superRefine((value, context) => checkComponents(value, (value.flags ?? 0) | flags, context))
  return readForm(schema, input ?? {}, at) as MessageForm
}

function checkComponents(value: z.infer<typeof body>, flags: number, context: z.RefinementCtx): void {
  const v2 = (flags & flag.componentsV2) !== 0
  if (v2) {
    for (const key of ['content', 'embeds'] as const) {
      if (value[key]?.length)
        fail(
          context,
          [key],
          'MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2',
          `The '${key}' field cannot be used when using MessageFlags.IS_COMPONENTS_V2`,
        )
    }
  }
  if (!value.components || (value.components.length === 0 && !v2)) return
  const parsed = (v2 ? layout : rows).safeParse(value.components, { reportInput: true })
  if (!parsed.success) {
    for (const issue of parsed.error.issues) context.addIssue({ ...issue, path: ['components', ...issue.path] } as never)
    return
  }
  const all = flatten(parsed.data as Component[])
  const custom = all.flatMap((component) => component.custom_id ?? [])
  if (new Set(custom).size < custom.length)
    fail(context, ['components'], 'COMPONENT_CUSTOM_ID_DUPLICATED', 'Component custom id cannot be duplicated')
  if (v2 && all.length > 40) fail(context, ['components'], 'BASE_TYPE_MAX_LENGTH', 'Must be 40 or fewer in length.')
  const shown = all.reduce((sum, component) => sum + [...(component.content ?? '')].length, 0)
  if (shown > 4000) fail(context, ['components'], 'COMPONENT_TEXT_TOO_LONG', 'The text of all components must be 4000 or fewer in length.')
}
