import type { VNode } from 'preact'
import { useState } from 'preact/hooks'
import { Avatar } from './avatar.ts'
import { html } from './html.ts'

interface WelcomeCardProps {
  readonly service: string
  /** Why the commands cannot be run yet; undefined where they can. */
  readonly waiting: string | undefined
  /** What came of breaking it, as a sentence. */
  readonly outcome: string
  deploy(): void
  /** Undefined where that cannot be done here. */
  readonly kill: ((forGood: boolean) => void) | undefined
  readonly bad: readonly BadVersion[]
  rollBack(): void
  dismiss(): void
}

export interface BadVersion {
  /** After "a version that". */
  readonly does: string
  deploy(): void
}

/** The first message: what to try. It is the page's own, not the bot's. */
export function WelcomeCard({ service, waiting, outcome, deploy, kill, bad, rollBack, dismiss }: WelcomeCardProps): VNode {
  const [breaking, setBreaking] = useState(false)
  return html`<section class="message welcome" aria-labelledby="welcome-title">
    <div class="message-side"><${Avatar} id="0" name="Helix" bot /></div>
    <div class="message-main">
      <h2 id="welcome-title">Welcome to the Helix playground</h2>
      <p>Nothing here needs an account, and nothing is pretended: each service in the panel is a real process on this computer. Type <kbd>/</kbd> for all commands, or begin with one of these.</p>
      <div class="component-row">
        <button type="button" class="button success" disabled=${waiting !== undefined} onClick=${deploy}>Deploy</button>
        <button type="button" class="button danger" aria-expanded=${breaking} disabled=${!kill && bad.length === 0} onClick=${() => setBreaking(!breaking)}>Break it</button>
        <button type="button" class="button secondary" disabled=${waiting !== undefined} onClick=${rollBack}>Roll back</button>
        <button type="button" class="text-button" onClick=${dismiss}>Dismiss</button>
      </div>
      ${
        breaking &&
        html`<div class="component-row" role="group" aria-label="Ways to break it">
        ${kill && html`<button type="button" class="button danger" onClick=${() => kill(false)}>Kill ${service}</button>`}
        ${kill && html`<button type="button" class="button danger" onClick=${() => kill(true)}>Kill ${service} for good</button>`}
        ${bad.map(({ does, deploy: deployIt }) => html`<button type="button" class="button danger" disabled=${waiting !== undefined} onClick=${deployIt}>Deploy a version that ${does}</button>`)}
      </div>`
      }
      <p class="outcome" role="status">${outcome}</p>
      <p class="quiet">${waiting ?? `Deploy runs /deploy ${service} as the account at the lower left. Roll back fills in /rollback for you to send.`}</p>
    </div>
  </section>`
}
