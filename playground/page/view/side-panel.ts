import type { VNode } from 'preact'
import { useState } from 'preact/hooks'
import type { Api } from '#playground/page/session/api.ts'
import type { Deployment, Environment, FaultInfo, PlaygroundState, Process, Service } from '#playground/page/session/playground-state.ts'
import { serviceStatus } from '#playground/page/session/service-status.ts'
import { relativeTime } from '#playground/page/text/timestamp.ts'
import { FaultForm } from './fault-form.ts'
import { useNow } from './hooks.ts'
import { html } from './html.ts'
import { injectFault } from './inject-fault.ts'
import { PublishersSection } from './publishers-section.ts'
import { VisitorsSection } from './visitors-section.ts'

interface SidePanelProps {
  readonly state: PlaygroundState
  readonly faults: readonly FaultInfo[]
  readonly api: Api
}

/** What really runs behind the emulated Railway, and ways to break it. */
export function SidePanel({ state, faults, api }: SidePanelProps): VNode {
  const [environment, setEnvironment] = useState(state.environments[0]?.id)
  const [outcome, setOutcome] = useState('')
  const [killed, setKilled] = useState('')
  const shown = state.environments.find(({ id }) => id === environment) ?? state.environments[0]
  const known = {
    service: [...new Set(state.environments.flatMap(({ services }) => services.map(({ name }) => name)))],
    environment: state.environments.map(({ name }) => name),
  }
  const canKill = faults.some(({ fault }) => fault === 'railway.kill-service')
  const kill = async (body: Kill) => setKilled(await injectFault(api, { fault: 'railway.kill-service', ...body }))
  return html`
    <section aria-labelledby="processes-title">
      <h2 id="processes-title">Services</h2>
      <div class="tabs" role="group" aria-label="Environment">
        ${state.environments.map(({ id, name }) => html`<button type="button" aria-pressed=${id === shown?.id} onClick=${() => setEnvironment(id)}>${name}</button>`)}
      </div>
      <p class="outcome" role="status">${killed}</p>
      ${shown ? html`<${Services} environment=${shown} onKill=${canKill ? kill : undefined} />` : html`<p class="quiet">No project yet.</p>`}
    </section>
    ${shown && html`<${VisitorsSection} key=${`visitors ${shown.id}`} api=${api} environment=${shown} visitors=${state.visitors} />`}
    ${shown && state.shapes.length > 0 && html`<${PublishersSection} key=${`publishers ${shown.id}`} api=${api} environment=${shown.name} publishers=${state.publishers} shapes=${state.shapes} />`}
    ${state.own.length > 0 && html`<${OwnProcesses} of=${state.own} />`}
    <section aria-labelledby="faults-title">
      <h2 id="faults-title">Break something</h2>
      <p class="outcome" role="status">${outcome}</p>
      <ul class="faults">
        ${faults.map((fault) => html`<${FaultForm} key=${fault.fault} fault=${fault} known=${known} onInject=${async (body: Readonly<Record<string, unknown>>) => setOutcome(await injectFault(api, body))} />`)}
      </ul>
    </section>
  `
}

interface Kill {
  readonly service: string
  readonly environment: string
  readonly forGood: boolean
}
type OnKill = ((kill: Kill) => void) | undefined

function Services({ environment, onKill }: { environment: Environment; onKill: OnKill }): VNode {
  if (environment.services.length === 0) return html`<p class="quiet">No service in ${environment.name}.</p>`
  return html`<ul class="services">${environment.services.map(
    (service) => html`<${ServiceCard} key=${service.id} service=${service} environment=${environment.name} onKill=${onKill} />`,
  )}</ul>`
}

function ServiceCard({ service, environment, onKill }: { service: Service; environment: string; onKill: OnKill }): VNode {
  const [newest] = service.deployments
  const { status, note } = serviceStatus(service)
  return html`<li class="service">
    <h3><span class=${`dot ${toneOf(status)}`} aria-hidden="true"></span>${service.name}${service.simulated && html` <small class="tag">simulated</small>`}
      <span class="status-word">${wordOf(status)}</span></h3>
    ${note && html`<p class="quiet">${note}</p>`}
    ${service.url && html`<a href=${service.url} target="_blank" rel="noopener noreferrer">${service.url.replace(/^https?:\/\//, '')}</a>`}
    ${
      service.processes.length > 0
        ? html`<${Processes} of=${service.processes} name=${service.name} />
      ${onKill && html`<${KillButtons} name=${service.name} onKill=${(forGood: boolean) => onKill({ service: service.name, environment, forGood })} />`}`
        : html`<p class="quiet">No process.</p>`
    }
    ${
      newest &&
      html`<details><summary>${service.deployments.length} ${service.deployments.length === 1 ? 'deployment' : 'deployments'}</summary>
      <ol>${service.deployments.slice(0, 8).map((deployment) => html`<${DeploymentRow} key=${deployment.id} deployment=${deployment} />`)}</ol>
    </details>`
    }
  </li>`
}

/** Once: its restart policy has it back in a moment. For good: until somebody restarts it, or Helix does. */
function KillButtons({ name, onKill }: { name: string; onKill: (forGood: boolean) => void }): VNode {
  return html`<div class="kill">
    <button type="button" class="text-button" onClick=${() => onKill(false)}>Kill<span class="unseen"> ${name}</span></button>
    <button type="button" class="text-button" onClick=${() => onKill(true)}>Kill<span class="unseen"> ${name}</span> for good</button>
  </div>`
}

function Processes({ of, name }: { of: readonly Process[]; name: string }): VNode {
  return html`<table>
    <caption class="unseen">Processes of ${name}</caption>
    <thead><tr><th scope="col">pid</th><th scope="col">port</th><th scope="col">state</th><th scope="col">CPU</th><th scope="col">memory</th></tr></thead>
    <tbody>${of.map(
      ({ pid, port, status, cpu, memoryMB }) => html`<tr>
        <td>${pid ?? '–'}</td><td>${port ?? '–'}</td><td><span class=${`dot ${toneOf(status)}`} aria-hidden="true"></span>${wordOf(status)}</td>
        <td>${cpu === null ? '–' : `${(cpu * 100).toFixed(1)} %`}</td><td>${memoryMB === null ? '–' : `${Math.round(memoryMB)} MB`}</td>
      </tr>`,
    )}</tbody>
  </table>`
}

function OwnProcesses({ of }: { of: PlaygroundState['own'] }): VNode {
  return html`<section aria-labelledby="own-title">
    <h2 id="own-title">Helix itself</h2>
    <div class="service"><table>
      <thead><tr><th scope="col">process</th><th scope="col">pid</th><th scope="col">memory</th></tr></thead>
      <tbody>${of.map(({ name, pid, memoryMB }) => html`<tr><td>${name}</td><td>${pid}</td><td>${memoryMB === null ? '–' : `${Math.round(memoryMB)} MB`}</td></tr>`)}</tbody>
    </table></div>
  </section>`
}

function DeploymentRow({ deployment }: { deployment: Deployment }): VNode {
  const now = useNow(10_000)
  return html`<li>
    <span class=${`dot ${toneOf(deployment.status)}`} aria-hidden="true"></span>
    <span><code>${(deployment.commit ?? deployment.id).slice(0, 7)}</code> ${deployment.message ?? ''}</span>
    <small>${wordOf(deployment.status)}, ${relativeTime(Date.parse(deployment.createdAt), now)}</small>
  </li>`
}

const tones: Readonly<Record<string, string>> = {
  success: 'good',
  running: 'good',
  healthy: 'good',
  failed: 'bad',
  crashed: 'bad',
  exited: 'bad',
  removed: 'off',
  stopped: 'off',
}

function toneOf(status: string): string {
  return tones[status.toLowerCase()] ?? 'busy'
}

function wordOf(status: string): string {
  return status.toLowerCase().replaceAll('_', ' ')
}
