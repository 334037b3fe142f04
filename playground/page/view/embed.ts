import type { VNode } from 'preact'
import { formatTimestamp } from '#playground/page/text/timestamp.ts'
import type { Attachment, Embed } from '#playground/page/wire.ts'
import { html } from './html.ts'
import { Markdown } from './markdown-view.ts'

/** An embed, its pictures' words taken from the attachments they show. */
export function EmbedView({ embed, attachments }: { embed: Embed; attachments: readonly Attachment[] }): VNode {
  const url = webAddress(embed.url)
  return html`<div class="embed" style=${colourEdge(embed.color)}>
    <div class="embed-body">
      ${embed.author && html`<div class="embed-author">${embed.author.name}</div>`}
      ${embed.title && html`<div class="embed-title">${url ? html`<a href=${url} target="_blank" rel="noopener noreferrer"><${Markdown} text=${embed.title} /></a>` : html`<${Markdown} text=${embed.title} />`}</div>`}
      ${embed.description && html`<div class="embed-description"><${Markdown} text=${embed.description} /></div>`}
      ${embed.fields?.length ? html`<dl class="embed-fields">${embed.fields.map(field)}</dl>` : null}
    </div>
    ${embed.thumbnail && html`<${Picture} class="embed-thumbnail" image=${embed.thumbnail} attachments=${attachments} />`}
    ${embed.image && html`<${Picture} class="embed-image" image=${embed.image} attachments=${attachments} />`}
    ${footer(embed)}
  </div>`
}

/** Attachments that an embed shows are not shown a second time. */
export function looseAttachments(embeds: readonly Embed[], attachments: readonly Attachment[]): readonly Attachment[] {
  const shown = new Set(
    embeds.flatMap(({ image, thumbnail }) => [image, thumbnail].flatMap((one) => (one ? [attachmentOf(one.url, attachments)] : []))),
  )
  return attachments.filter((attachment) => !shown.has(attachment))
}

export function AttachmentView({ attachment }: { attachment: Attachment }): VNode {
  const picture = attachment.content_type?.startsWith('image/') || /\.(png|jpe?g|gif|webp)$/i.test(attachment.filename)
  if (picture) return html`<${Picture} class="attachment-image" image=${attachment} attachments=${[attachment]} />`
  return html`<a class="attachment-file" href=${webAddress(attachment.url)} target="_blank" rel="noopener noreferrer" download>
    <span>${attachment.filename}</span>${attachment.size === undefined ? null : html`<small>${Math.ceil(attachment.size / 1024)} KiB</small>`}
  </a>`
}

function Picture({
  image,
  attachments,
  class: name,
}: {
  image: { url: string; description?: string }
  attachments: readonly Attachment[]
  class: string
}): VNode {
  const attachment = attachmentOf(image.url, attachments)
  const url = webAddress(attachment?.url ?? image.url)
  const alt = image.description ?? attachment?.description ?? ''
  return html`<a class=${name} href=${url} target="_blank" rel="noopener noreferrer" aria-label=${alt ? `Open picture: ${alt}` : 'Open picture'}><img src=${url} alt=${alt} loading="lazy" /></a>`
}

/** Discord sends colours as numbers: 0xRRGGBB. */
export function colourEdge(colour: number | null | undefined): object {
  return colour ? { borderInlineStartColor: `#${colour.toString(16).padStart(6, '0')}` } : {}
}

function attachmentOf(url: string, attachments: readonly Attachment[]): Attachment | undefined {
  const name = url.startsWith('attachment://') ? url.slice('attachment://'.length) : undefined
  return attachments.find((attachment) => attachment.url === url || attachment.filename === name)
}

function webAddress(url: string | undefined): string | undefined {
  return url && /^(https?:|\/)/i.test(url) ? url : undefined
}

function field({ name, value, inline }: NonNullable<Embed['fields']>[number]): VNode {
  return html`<div class=${inline ? 'embed-field inline' : 'embed-field'}><dt><${Markdown} text=${name} /></dt><dd><${Markdown} text=${value} /></dd></div>`
}

function footer({ footer: text, timestamp }: Embed): VNode | null {
  const parts = [text?.text, timestamp && formatTimestamp(Date.parse(timestamp), 'f', 0)].filter(Boolean)
  return parts.length > 0 ? html`<div class="embed-footer">${parts.join(' · ')}</div>` : null
}
