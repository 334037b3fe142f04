import type { VNode } from 'preact'
import { html } from './html.ts'

const colours = ['#4f61d6', '#3a8f5c', '#b3562f', '#9a4fb3', '#2f7f9e', '#b03a63']

/** A drawn picture for an account: its initial on a colour of its own; the bot has the double helix. */
export function Avatar({ id, name, bot = false, size = 40 }: { id: string; name: string; bot?: boolean; size?: number }): VNode {
  const colour = bot ? '#23263a' : colours[Number(id.slice(-6)) % colours.length]
  return html`<span class="avatar" style=${{ background: colour, width: `${size}px`, height: `${size}px` }} aria-hidden="true">
    ${
      bot
        ? html`<${HelixMark} />`
        : html`<span style=${{ fontSize: `${size * 0.44}px` }}>${name
            .replace(/^playground-/, '')
            .slice(0, 1)
            .toUpperCase()}</span>`
    }
  </span>`
}

/** Two strands and their rungs. */
export function HelixMark(): VNode {
  return html`<svg viewBox="0 0 24 24" class="helix-mark" aria-hidden="true" focusable="false">
    <path d="M8.2 5.5h7.6M7.4 8h9.2M7.4 16h9.2M8.2 18.500h7.6" stroke="#7c86a8" stroke-width="1.4" />
    <path d="M7 3c0 6 10 7 10 12 0 3-1 4.500-1 6" fill="none" stroke="#58d3c4" stroke-width="2.200" stroke-linecap="round" />
    <path d="M17 3c0 6-10 7-10 12 0 3 1 4.500 1 6" fill="none" stroke="#a78bfa" stroke-width="2.200" stroke-linecap="round" />
  </svg>`
}
