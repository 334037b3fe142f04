/** `GET /playground/state`, as far as the page shows it. */
export interface PlaygroundState {
  readonly guild: { readonly id: string; readonly name: string }
  readonly application: { readonly id: string; readonly name: string }
  readonly channels: readonly {
    readonly id: string
    readonly name: string
    readonly type: number
    readonly topic?: string | null
    /** Of a thread: the channel that it is in. */
    readonly parent?: string | null
  }[]
  readonly roles: readonly { readonly id: string; readonly name: string }[]
  /** Differs whenever other commands, or other versions of them, are registered. */
  readonly commands: string
  readonly accounts: readonly Account[]
  readonly environments: readonly Environment[]
  /** What Helix and the playground themselves consist of: the bot, the stores. */
  readonly own: readonly OwnProcess[]
  /** Who visits services now, in all environments. */
  readonly visitors: readonly Visitors[]
  /** Who publishes on Redis now, and what can be published. */
  readonly publishers: readonly Publisher[]
  readonly shapes: readonly Shape[]
}

export interface Visitors {
  readonly service: string
  readonly environment: string
  readonly perSecond: number
  readonly sent: number
  /** Of the newest, 0–1. */
  readonly failing: number
  readonly medianMs?: number
}

export interface Publisher {
  readonly environment: string
  readonly shape: string
  readonly channel: string
  readonly perSecond: number
  readonly level: number
  readonly trendPerMinute: number
  readonly published: number
  readonly lost: number
  readonly hearers: number
}

export interface Shape {
  readonly shape: string
  readonly describe: string
  readonly channels: readonly string[]
}

export interface OwnProcess {
  readonly name: string
  readonly pid: number
  readonly memoryMB: number | null
}

export interface Account {
  readonly id: string
  /** The account's name is its token as well. */
  readonly token: string
  readonly name: string
  /** Its Helix role; none for a stranger. */
  readonly role: string | null
}

export interface Environment {
  readonly id: string
  readonly name: string
  readonly services: readonly Service[]
}

export interface Service {
  readonly id: string
  readonly name: string
  readonly url: string | null
  readonly simulated: boolean
  readonly processes: readonly Process[]
  /** Versions that can be deployed, newest first, and what the playground makes of each. */
  readonly commits: readonly { readonly sha: string; readonly message: string; readonly behaviour: string; readonly describe: string }[]
  /** Newest first. */
  readonly deployments: readonly Deployment[]
}

export interface Process {
  readonly pid: number | null
  readonly port: number | null
  readonly status: string
  /** Share of one core, 0.5 being half of it. */
  readonly cpu: number | null
  readonly memoryMB: number | null
}

export interface Deployment {
  readonly id: string
  readonly status: string
  readonly createdAt: string
  readonly commit: string | null
  readonly message: string | null
}

export interface FaultInfo {
  readonly fault: string
  readonly describe: string
  readonly schema: FaultSchema
}

/** JSON schema, as far as zod writes it for a flat object. */
export interface FaultSchema {
  readonly properties?: Readonly<Record<string, FaultProperty>>
  readonly required?: readonly string[]
}

export interface FaultProperty {
  readonly type?: string
  readonly enum?: readonly (string | number)[]
  readonly const?: string | number
  readonly default?: unknown
  readonly description?: string
  readonly minimum?: number
  readonly maximum?: number
  readonly anyOf?: readonly FaultProperty[]
}
