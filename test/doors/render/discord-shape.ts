import { z } from 'zod'

/** Discord's limits on a message as a schema, as strict as Discord: what this takes, Discord takes. */
const trimmed = (least: number, most: number) =>
  z.string().refine((text) => text.trim().length >= least && text.length <= most, `${least} to ${most}`)

const button = z.strictObject({
  type: z.literal(2),
  style: z.union([z.literal(1), z.literal(2), z.literal(4)]),
  label: trimmed(1, 34),
  custom_id: z.string().min(1).max(100),
})

const embed = z.strictObject({
  title: trimmed(1, 256),
  color: z.int().min(0).max(0xffffff),
  description: trimmed(1, 4096).optional(),
  fields: z
    .array(z.strictObject({ name: trimmed(1, 256), value: trimmed(1, 1024), inline: z.boolean() }))
    .min(1)
    .max(25)
    .optional(),
  image: z.strictObject({ url: z.string().regex(/^attachment:\/\/\S+$/) }).optional(),
  footer: z.strictObject({ text: trimmed(1, 2048) }).optional(),
})

const file = z.strictObject({
  name: z.string().regex(/^[a-z0-9-]+\.(png|txt|md)$/),
  data: z.instanceof(Uint8Array).refine((data) => data.byteLength > 0 && data.byteLength <= 10 * 1024 * 1024),
  description: z.string().min(1).max(1024),
})

export const discordMessage = z
  .strictObject({
    content: z.string().max(2000),
    embeds: z.array(embed).length(1),
    components: z.array(z.strictObject({ type: z.literal(1), components: z.array(button).min(1).max(5) })).max(5),
    files: z.array(file).min(1).max(10).optional(),
  })
  .refine(({ embeds }) => embeds.map(lengthOf).reduce((sum, each) => sum + each, 0) <= 6000, 'all embeds have at most 6000 characters')
  .refine(({ components }) => isUnique(components.flatMap((row) => row.components.map((each) => each.custom_id))), 'ids are unique')
  .refine(
    ({ components }) => components.flatMap((row) => row.components).filter(({ style }) => style === 1).length <= 1,
    'one primary button',
  )
  .refine((message) => isWellFormed(message), 'no half surrogate pairs and no control characters')

function lengthOf({ title, description = '', fields = [], footer }: z.output<typeof embed>): number {
  return (
    title.length +
    description.length +
    (footer?.text.length ?? 0) +
    fields.reduce((sum, { name, value }) => sum + name.length + value.length, 0)
  )
}

function isUnique(ids: readonly string[]): boolean {
  return new Set(ids).size === ids.length
}

function isWellFormed(value: unknown): boolean {
  if (typeof value === 'string') return value.isWellFormed() && !/[^\P{Cc}\n]|[\u202a-\u202e\u2066-\u2069]/u.test(value)
  if (value instanceof Uint8Array || typeof value !== 'object' || value === null) return true
  return Object.values(value).every(isWellFormed)
}
