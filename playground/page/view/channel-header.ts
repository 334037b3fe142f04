import type { VNode } from 'preact'
import { html } from './html.ts'

interface ChannelHeaderProps {
  readonly channel: { readonly name: string; readonly topic?: string | null }
  /** Of a thread. */
  readonly parent: { readonly name: string } | undefined
  openParent(): void
  /** There where the panel has no room of its own. */
  readonly showChannels: (() => void) | undefined
  readonly showPanel: (() => void) | undefined
}

export function ChannelHeader({ channel, parent, openParent, showChannels, showPanel }: ChannelHeaderProps): VNode {
  return html`<header class="channel-header">
    ${showChannels && html`<button type="button" class="icon-button" aria-label="Channels and account" aria-haspopup="dialog" onClick=${showChannels}><span aria-hidden="true">☰</span></button>`}
    ${parent && html`<button type="button" class="text-button" onClick=${openParent}><span aria-hidden="true">←</span> #${parent.name}</button>`}
    <h1><span aria-hidden="true">${parent ? '⌥' : '#'}</span> ${channel.name}</h1>
    ${channel.topic && html`<p class="topic">${channel.topic}</p>`}
    ${showPanel && html`<button type="button" class="icon-button panel-button" aria-haspopup="dialog" onClick=${showPanel}><span aria-hidden="true">⚙</span> Services</button>`}
  </header>`
}
