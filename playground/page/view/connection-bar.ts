import type { VNode } from 'preact'
import type { Link } from '#playground/page/session/gateway.ts'
import { html } from './html.ts'

/** Says what does not work while it does not. Always in the page, so that a screen reader hears it change. */
export function ConnectionBar({ link, away }: { link: Link; away: boolean }): VNode {
  const text = textOf(link, away)
  return html`<div role="status" class=${text ? 'connection-bar shown' : 'connection-bar'}>${text ?? ''}</div>`
}

function textOf(link: Link, away: boolean): string | undefined {
  if (link === 'refused') return 'This account is not accepted by the playground. Choose another one at the lower left.'
  if (link === 'lost') return 'The connection was lost. Reconnecting…'
  if (away) return 'The playground cannot be reached: what is shown is as it was. Trying again…'
  return undefined
}
