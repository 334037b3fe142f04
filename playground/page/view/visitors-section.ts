import type { VNode } from 'preact'
import { useId, useState } from 'preact/hooks'
import type { Api } from '#playground/page/session/api.ts'
import type { Environment, Service, Visitors } from '#playground/page/session/playground-state.ts'
import { html } from './html.ts'
import { outcomeOf } from './inject-fault.ts'

interface VisitorsSectionProps {
  readonly api: Api
  readonly environment: Environment
  readonly visitors: readonly Visitors[]
}

/** How many visit each service, and what they are answered. */
export function VisitorsSection({ api, environment, visitors }: VisitorsSectionProps): VNode | null {
  const [outcome, setOutcome] = useState('')
  const visited = environment.services.filter(({ url }) => url !== null)
  if (visited.length === 0) return null
  const set = async (service: Service, perSecond: number) => {
    const asked = { service: service.name, environment: environment.name, perSecond }
    const done = perSecond === 0 ? `Nobody visits ${service.name} any more.` : `${perSecond} a second visit ${service.name}.`
    setOutcome(
      await outcomeOf(async () => {
        await api.setVisitors(asked)
        return done
      }),
    )
  }
  return html`<section aria-labelledby="visitors-title">
    <h2 id="visitors-title">Visitors in ${environment.name}</h2>
    <p class="outcome" role="status">${outcome}</p>
    <ul class="visitors">
      ${visited.map(
        (service) => html`<${Row} key=${service.id} service=${service} onSet=${(perSecond: number) => set(service, perSecond)}
        now=${visitors.find((one) => one.service === service.name && one.environment === environment.name)} />`,
      )}
    </ul>
  </section>`
}

interface RowProps {
  readonly service: Service
  readonly now: Visitors | undefined
  onSet(perSecond: number): void
}

function Row({ service, now, onSet }: RowProps): VNode {
  const id = useId()
  const [draft, setDraft] = useState<string>()
  const commit = (event: Event) => {
    const { value, validity } = event.currentTarget as HTMLInputElement
    setDraft(undefined)
    if (validity.valid && value !== '') onSet(Number(value))
  }
  return html`<li>
    <label for=${id}>${service.name}</label>
    <span class="rate"><input id=${id} type="number" min="0" max="200" step="any" value=${draft ?? now?.perSecond ?? 0}
      onInput=${(event: Event) => setDraft((event.currentTarget as HTMLInputElement).value)} onChange=${commit} /> <small>a second</small></span>
    ${now && html`<small class="figures">${figures(now)}</small>`}
  </li>`
}

function figures({ sent, failing, medianMs }: Visitors): string {
  const parts = [
    `${sent} sent`,
    `${Math.round(failing * 100)} % failing`,
    ...(medianMs === undefined ? [] : [`${Math.round(medianMs)} ms`]),
  ]
  return parts.join(' · ')
}
