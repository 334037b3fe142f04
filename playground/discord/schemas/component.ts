import { z } from 'zod'
import { fail, list, snowflake, text } from './form-errors.ts'

/** Components as messages hold them: https://docs.discord.com/developers/components/reference */
const id = z.int().min(0).nullish()
const customId = text(1, 100)
const emoji = z
  .object({ id: snowflake.nullish(), name: z.string().nullish(), animated: z.boolean().nullish() })
  .refine((value) => Boolean(value.id) || /\p{Extended_Pictographic}|\p{Regional_Indicator}|\u20e3/u.test(value.name ?? ''), {
    message: 'Invalid emoji',
    params: { code: 'COMPONENT_INVALID_EMOJI' },
  })
  .nullish()

const button = z
  .object({
    type: z.literal(2),
    id,
    style: z.literal([1, 2, 3, 4, 5, 6]),
    label: text(0, 80).nullish(),
    emoji,
    custom_id: customId.nullish(),
    url: text(0, 512).nullish(),
    sku_id: snowflake.nullish(),
    disabled: z.boolean().nullish(),
  })
  .superRefine((value, context) => {
    const identity = value.style === 5 ? 'url' : value.style === 6 ? 'sku_id' : 'custom_id'
    if (!value[identity]) fail(context, [identity], 'BASE_TYPE_REQUIRED', 'This field is required')
    for (const other of ['url', 'sku_id', 'custom_id'] as const) {
      if (other === identity || !value[other]) continue
      fail(context, [other], 'COMPONENT_FIELD_NOT_ALLOWED', `A button of style ${value.style} cannot have a ${other}`)
    }
    if (value.style !== 6 && !value.label && !value.emoji) fail(context, ['label'], 'BASE_TYPE_REQUIRED', 'This field is required')
  })

const range = { min_values: z.int().min(0).max(25).nullish(), max_values: z.int().min(1).max(25).nullish() }
const option = z.object({
  label: text(1, 100),
  value: text(1, 100),
  description: text(0, 100).nullish(),
  emoji,
  default: z.boolean().nullish(),
})
const select = {
  id,
  custom_id: customId,
  placeholder: text(0, 150).nullish(),
  disabled: z.boolean().nullish(),
  required: z.boolean().nullish(),
  ...range,
}

export const stringSelect = z.object({ type: z.literal(3), ...select, options: list(option, 1, 25) }).superRefine((value, context) => {
  const values = value.options.map((each) => each.value)
  if (new Set(values).size < values.length)
    fail(context, ['options'], 'COMPONENT_OPTION_VALUE_DUPLICATED', 'The specified option value is already used')
  if ((value.min_values ?? 1) > values.length)
    fail(context, ['min_values'], 'NUMBER_TYPE_MAX', `int value should be less than or equal to ${values.length}.`)
})

export const liveSelect = z
  .object({
    type: z.literal([5, 6, 7, 8]),
    ...select,
    channel_types: z.array(z.int()).nullish(),
    default_values: z.array(z.object({ id: snowflake, type: z.string() })).nullish(),
  })
  .superRefine((value, context) => {
    const count = value.default_values?.length ?? 0
    if (count > 0 && (count > (value.max_values ?? 1) || count < (value.min_values ?? 1))) {
      fail(context, ['default_values'], 'BASE_TYPE_BAD_LENGTH', 'The number of default values must be within min_values and max_values')
    }
  })

const row = z
  .object({ type: z.literal(1), id, components: list(z.discriminatedUnion('type', [button, stringSelect, liveSelect]), 1, 5) })
  .superRefine((value, context) => {
    const selects = value.components.filter((child) => child.type !== 2).length
    if (selects > 0 && value.components.length > 1)
      fail(context, ['components'], 'COMPONENT_LAYOUT_WIDTH_EXCEEDED', 'The specified component exceeds the maximum width')
  })

export const textDisplay = z.object({ type: z.literal(10), id, content: text(1, 4000) })
const media = z.object({ url: text(1, 2048) })
const thumbnail = z.object({ type: z.literal(11), id, media, description: text(0, 1024).nullish(), spoiler: z.boolean().nullish() })
const section = z.object({
  type: z.literal(9),
  id,
  components: list(textDisplay, 1, 3),
  accessory: z.discriminatedUnion('type', [button, thumbnail]),
})
const galleryItem = z.object({ media, description: text(0, 1024).nullish(), spoiler: z.boolean().nullish() })
const gallery = z.object({ type: z.literal(12), id, items: list(galleryItem, 1, 10) })
const file = z.object({ type: z.literal(13), id, file: media, spoiler: z.boolean().nullish() })
const separator = z.object({ type: z.literal(14), id, divider: z.boolean().nullish(), spacing: z.literal([1, 2]).nullish() })
const inner = z.discriminatedUnion('type', [row, section, textDisplay, gallery, file, separator])
const container = z.object({
  type: z.literal(17),
  id,
  components: list(inner, 1, 39),
  accent_color: z.int().min(0).max(0xffffff).nullish(),
  spoiler: z.boolean().nullish(),
})

/** Rows alone, as messages without the V2 flag hold them. */
export const rows = list(row, 0, 5)
/** Everything that a V2 message may hold at its top. */
export const layout = list(z.discriminatedUnion('type', [row, section, textDisplay, gallery, file, separator, container]), 1, 40)
