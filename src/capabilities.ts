import type { Charts } from './adapters/charts/charts.ts'
import type { Agents } from './agents/agents.ts'
import type { Alerts } from './alerts/alerts.ts'
import type { Automation } from './automation/automation.ts'
import type { Components } from './components/components.ts'
import type { Consciousness } from './consciousness/consciousness.ts'
import type { Posts } from './delivery/posts.ts'
import type { Doctor } from './doctor/doctor.ts'
import type { Doors } from './doors/doors.ts'
import type { Registration } from './doors/registration.ts'
import type { Echoes } from './echoes/echoes.ts'
import type { Environments } from './environments/environments.ts'
import type { Gates } from './gates/gates.ts'
import type { Healing } from './healing/healing.ts'
import type { Health } from './health/health.ts'
import type { Incidents } from './incidents/incidents.ts'
import type { AlertRoutes } from './incidents/routes.ts'
import type { Clock } from './kernel/clock.ts'
import type { CommandBook } from './kernel/command-book.ts'
import type { Directory } from './kernel/directory.ts'
import type { Log } from './kernel/log.ts'
import type { Logs } from './logs/logs.ts'
import type { Tails } from './logs/tails.ts'
import type { Mesh } from './mesh/mesh.ts'
import type { Metrics } from './metrics/metrics.ts'
import type { Operations } from './operations/operations.ts'
import type { Adoption } from './places/adoption.ts'
import type { Places } from './places/places.ts'
import type { PolicyStops } from './policies/policies.ts'
import type { Scaling } from './scaling/scaling.ts'
import type { Signals } from './signals/signals.ts'
import type { Voice } from './voice/voice.ts'
import type { Webhooks } from './webhooks/webhooks.ts'
import type { Zapier } from './zapier/zapier.ts'

/** Everything a command or an event may ask for, by name. It gets what it `needs`, and nothing else. */
export interface Capabilities {
  readonly adoption: Adoption
  readonly agents: Agents
  readonly alertRoutes: AlertRoutes
  readonly alerts: Alerts
  readonly automation: Automation
  readonly book: CommandBook
  readonly charts: Charts
  readonly clock: Clock
  readonly components: Components
  readonly consciousness: Consciousness
  readonly directory: Directory
  readonly doctor: Doctor
  readonly doors: Doors
  readonly echoes: Echoes
  readonly environments: Environments
  readonly gates: Gates
  readonly healing: Healing
  readonly health: Health
  readonly incidents: Incidents
  readonly log: Log
  readonly logs: Logs
  readonly mesh: Mesh
  readonly metrics: Metrics
  readonly operations: Operations
  readonly places: Places
  readonly policyStops: PolicyStops
  readonly posts: Posts
  readonly registration: Registration
  readonly scaling: Scaling
  readonly signals: Signals
  readonly tails: Tails
  readonly voice: Voice
  readonly webhooks: Webhooks
  readonly zapier: Zapier
  /** Ends the process: what cannot go on must not seem alive. */
  readonly stop: (reason: string, code: number) => void
}
