import type { VNode } from 'preact'
import { useState } from 'preact/hooks'
import type { Leaf } from '#playground/page/commands/leaf.ts'
import type { Draft } from '#playground/page/commands/values.ts'
import type { Api } from '#playground/page/session/api.ts'
import type { FaultInfo, PlaygroundState } from '#playground/page/session/playground-state.ts'
import type { Session } from '#playground/page/session/session.ts'
import { html } from './html.ts'
import { injectFault } from './inject-fault.ts'
import { WelcomeCard } from './welcome-card.ts'

interface WelcomeProps {
  readonly api: Api
  readonly session: Session
  readonly channel: string
  readonly leaves: readonly Leaf[]
  readonly state: PlaygroundState
  readonly faults: readonly FaultInfo[]
  openCommand(name: string, draft: Draft): void
}

const hidden = 'helix-welcome-dismissed'
const favourite = 'voice-processor'

/** What a version does, after "a version that". */
const badVersions: Readonly<Record<string, string>> = {
  'fails-health-check': 'fails its health check',
  'answers-errors': 'answers with errors',
  'crash-loop': 'crashes again and again',
  slow: 'gets slower and slower',
  'leaks-memory': 'leaks memory',
}

/** Ties the welcome card to what is there: the bot's commands, the faults, and a service to try them on. */
export function Welcome({ api, session, channel, leaves, state, faults, openCommand }: WelcomeProps): VNode | null {
  const [dismissed, setDismissed] = useState(() => sessionStorage.getItem(hidden) !== null)
  const [outcome, setOutcome] = useState('')
  if (dismissed) return null
  const [environment] = state.environments
  const service = environment?.services.find(({ name }) => name === favourite) ?? environment?.services[0]
  const name = service?.name ?? favourite
  const deploy = leaves.find((leaf) => leaf.name === 'deploy')
  const kill = faults.find(({ fault }) => fault === 'railway.kill-service')
  const bad = service?.commits.filter(({ behaviour }) => Object.hasOwn(badVersions, behaviour)) ?? []
  const run = (draft: Draft) => deploy && session.run(channel, deploy, draft)
  return html`<${WelcomeCard} service=${name} outcome=${outcome} waiting=${deploy ? undefined : 'The bot is starting: its commands are not there yet.'}
    deploy=${() => run({ service: { text: name } })}
    kill=${kill && environment ? async (forGood: boolean) => setOutcome(await injectFault(api, { fault: kill.fault, service: name, environment: environment.name, forGood })) : undefined}
    bad=${bad.map(({ sha, behaviour }) => ({ does: badVersions[behaviour]!, deploy: () => run({ service: { text: name }, commit: { text: sha } }) }))}
    rollBack=${() => openCommand('rollback', { service: { text: name } })}
    dismiss=${() => {
      sessionStorage.setItem(hidden, 'yes')
      setDismissed(true)
    }} />`
}
