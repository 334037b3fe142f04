import type { VNode } from 'preact'
import { useContext, useMemo, useState } from 'preact/hooks'
import type { Inline } from '#playground/page/text/inline.ts'
import { type Block, type ListItem, parseMarkdown } from '#playground/page/text/markdown.ts'
import { formatTimestamp } from '#playground/page/text/timestamp.ts'
import { Guild, nameOf } from './guild-context.ts'
import { useNow } from './hooks.ts'
import { html } from './html.ts'

/** A text in Discord's markdown, as elements. */
export function Markdown({ text }: { text: string }): VNode {
  const blocks = useMemo(() => parseMarkdown(text), [text])
  return html`<div class="markdown">${blocks.map((block) => html`<${BlockView} block=${block} />`)}</div>`
}

function BlockView({ block }: { block: Block }): VNode {
  switch (block.kind) {
    case 'code':
      return html`<pre tabindex="0" aria-label="Code"><code>${codeLines(block.text, block.language)}</code></pre>`
    case 'heading':
      return html`<p class=${`heading heading-${block.level}`} role="heading" aria-level=${block.level + 3}><${Inlines} of=${block.children} /></p>`
    case 'quote':
      return html`<blockquote>${block.lines.map((line) => html`<p><${Inlines} of=${line} /></p>`)}</blockquote>`
    case 'list':
      return block.ordered ? html`<ol start=${block.start}>${block.items.map(listItem)}</ol>` : html`<ul>${block.items.map(listItem)}</ul>`
    case 'small':
      return html`<p class="small"><${Inlines} of=${block.children} /></p>`
    case 'paragraph':
      return html`<p><${Inlines} of=${block.children} /></p>`
  }
}

function listItem({ depth, children }: ListItem): VNode {
  return html`<li style=${{ marginInlineStart: `${depth * 1.25}em` }}><${Inlines} of=${children} /></li>`
}

function codeLines(text: string, language: string): unknown {
  if (language !== 'diff') return text
  return text.split('\n').map((line) => {
    const kind = line.startsWith('+') ? 'added' : line.startsWith('-') ? 'removed' : ''
    return html`<span class=${kind}>${line}${'\n'}</span>`
  })
}

function Inlines({ of }: { of: readonly Inline[] }): VNode {
  return html`${of.map((inline) => html`<${InlineView} inline=${inline} />`)}`
}

function InlineView({ inline }: { inline: Inline }): VNode {
  const guild = useContext(Guild)
  switch (inline.kind) {
    case 'text':
      return html`${inline.text}`
    case 'code':
      return html`<code>${inline.text}</code>`
    case 'strong':
      return html`<strong><${Inlines} of=${inline.children} /></strong>`
    case 'emphasis':
      return html`<em><${Inlines} of=${inline.children} /></em>`
    case 'underline':
      return html`<u><${Inlines} of=${inline.children} /></u>`
    case 'strike':
      return html`<s><${Inlines} of=${inline.children} /></s>`
    case 'spoiler':
      return html`<${Spoiler} of=${inline.children} />`
    case 'link':
      return html`<a href=${inline.url} target="_blank" rel="noopener noreferrer"><${Inlines} of=${inline.children} /></a>`
    case 'user':
      return html`<span class="mention">@${nameOf(guild.users, inline.id) ?? 'unknown-user'}</span>`
    case 'role':
      return html`<span class="mention">@${nameOf(guild.roles, inline.id) ?? 'unknown-role'}</span>`
    case 'everyone':
      return html`<span class="mention">${inline.text}</span>`
    case 'channel':
      return html`<button type="button" class="mention" onClick=${() => guild.openChannel(inline.id)}>#${nameOf(guild.channels, inline.id) ?? 'unknown'}</button>`
    case 'command':
      return html`<button type="button" class="mention" onClick=${() => guild.openCommand(inline.name)}>/${inline.name}</button>`
    case 'timestamp':
      return html`<${Timestamp} ...${inline} />`
  }
}

function Timestamp({ at, style }: Extract<Inline, { kind: 'timestamp' }>): VNode {
  const now = useNow(style === 'R' ? 1_000 : 60_000)
  return html`<time class="timestamp" title=${formatTimestamp(at, 'F', now)}>${formatTimestamp(at, style, now)}</time>`
}

function Spoiler({ of }: { of: readonly Inline[] }): VNode {
  const [open, setOpen] = useState(false)
  if (open) return html`<span class="spoiler open"><${Inlines} of=${of} /></span>`
  return html`<button type="button" class="spoiler" aria-label="Spoiler: show" onClick=${() => setOpen(true)}>
    <span aria-hidden="true"><${Inlines} of=${of} /></span>
  </button>`
}
