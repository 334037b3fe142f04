import { z } from 'zod'
import { fail, list, text } from './form-errors.ts'

const url = text(0, 2048).refine((value) => /^(https?|attachment):\/\//.test(value), {
  message: 'Not a well formed URL.',
  params: { code: 'URL_TYPE_INVALID_URL' },
})
const media = z.object({ url }).nullish()

const embed = z.object({
  title: text(0, 256).nullish(),
  description: text(0, 4096).nullish(),
  url: url.nullish(),
  color: z.int().min(0).max(0xffffff).nullish(),
  timestamp: z.iso.datetime({ offset: true }).nullish(),
  footer: z.object({ text: text(0, 2048), icon_url: url.nullish() }).nullish(),
  author: z.object({ name: text(0, 256), url: url.nullish(), icon_url: url.nullish() }).nullish(),
  image: media,
  thumbnail: media,
  fields: list(z.object({ name: text(1, 256), value: text(1, 1024), inline: z.boolean().nullish() }), 0, 25).nullish(),
})

export type Embed = z.infer<typeof embed>

/** At most 10, with at most 6,000 characters over all: https://docs.discord.com/developers/resources/message#embed-object-embed-limits */
export const embeds = list(embed, 0, 10).superRefine((all, context) => {
  const total = all.reduce((sum, each) => sum + characters(each), 0)
  if (total > 6000) fail(context, [], 'MAX_EMBED_SIZE_EXCEEDED', 'Embed size exceeds maximum size of 6000')
})

function characters({ title, description, footer, author, fields }: Embed): number {
  const parts = [title, description, footer?.text, author?.name, ...(fields ?? []).flatMap(({ name, value }) => [name, value])]
  return parts.reduce((sum, part) => sum + [...(part ?? '').trim()].length, 0)
}
