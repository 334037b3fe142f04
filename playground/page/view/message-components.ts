import type { VNode } from 'preact'
import type { Pending } from '#playground/page/session/session-state.ts'
import type { Component, Emoji, Message } from '#playground/page/wire.ts'
import { colourEdge } from './embed.ts'
import { html } from './html.ts'
import { Markdown } from './markdown-view.ts'
import { SelectMenu } from './select-menu.ts'

export interface ComponentDeps {
  readonly message: Message
  readonly pending: readonly Pending[]
  press(component: Component, values?: readonly string[]): void
}

const styles: Record<number, string> = { 1: 'primary', 2: 'secondary', 3: 'success', 4: 'danger', 5: 'link' }

/** https://discord.com/developers/docs/components/reference: rows of buttons and selects, and the layout types that hold text. */
export function Components({ of, deps }: { of: readonly Component[]; deps: ComponentDeps }): VNode {
  return html`${of.map((component) => html`<${ComponentView} key=${component.custom_id} component=${component} deps=${deps} />`)}`
}

function ComponentView({ component, deps }: { component: Component; deps: ComponentDeps }): VNode | null {
  const inner = html`<${Components} of=${component.components ?? []} deps=${deps} />`
  switch (component.type) {
    case 1:
      return html`<div class="component-row">${inner}</div>`
    case 2:
      return html`<${Button} component=${component} deps=${deps} />`
    case 3:
    case 5:
    case 6:
    case 7:
    case 8:
      return html`<${SelectMenu} component=${component} busy=${isBusy(component, deps)} onPick=${(values: readonly string[]) => deps.press(component, values)} />`
    case 9:
      return html`<div class="component-section"><div>${inner}</div>${component.accessory && html`<${ComponentView} component=${component.accessory} deps=${deps} />`}</div>`
    case 10:
      return html`<${Markdown} text=${component.content ?? ''} />`
    case 14:
      return html`<hr />`
    case 17:
      return html`<div class="embed container" style=${colourEdge(component.accent_color)}>${inner}</div>`
    default:
      return null
  }
}

function Button({ component, deps }: { component: Component; deps: ComponentDeps }): VNode {
  const style = styles[component.style ?? 2] ?? 'secondary'
  const label = html`${emojiText(component.emoji)}${component.emoji && component.label ? ' ' : ''}${component.label ?? ''}`
  if (component.style === 5) {
    return html`<a class="button link" href=${/^https?:/i.test(component.url ?? '') ? component.url : undefined} target="_blank" rel="noopener noreferrer">${label} <span aria-hidden="true">↗</span></a>`
  }
  const busy = isBusy(component, deps)
  const waiting = deps.pending.some(({ on, failure }) => on?.message === deps.message.id && !failure)
  return html`<button type="button" class=${`button ${style}`} disabled=${component.disabled} aria-busy=${busy} aria-disabled=${waiting}
    onClick=${() => waiting || deps.press(component)}>
    <span class="button-label">${label}</span>${busy && html`<span class="spinner" aria-hidden="true"></span>`}
  </button>`
}

function isBusy(component: Component, { pending, message }: ComponentDeps): boolean {
  return pending.some(({ on, failure }) => on?.message === message.id && on?.customId === component.custom_id && !failure)
}

function emojiText(emoji: Emoji | undefined): string {
  if (!emoji?.name) return ''
  return emoji.id ? `:${emoji.name}:` : emoji.name
}
