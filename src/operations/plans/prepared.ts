import type { DeploymentState, Railway, ServiceState, Target } from '#src/adapters/railway/railway.ts'
import type { EnvironmentRef } from '#src/kernel/directory.ts'
import type { Fact } from '#src/kernel/report.ts'
import type { Change } from '../change.ts'
import type { StepName } from '../operation.ts'

/** A change worked out against what is there, as plain JSON: kept with the operation's first step. */
export interface Prepared {
  readonly sentence: string
  readonly facts: readonly Fact[]
  /** What it was worked out from: a confirmation holds while this is the same. */
  readonly basis: Readonly<Record<string, unknown>>
  /** The same for people: where the basis differs, one of these does. */
  readonly seen: readonly Fact[]
  /** The deployment that the change is made to or with. */
  readonly deployment?: string
  readonly commit?: string
  /** What a new deployment must be, to be the one that was asked for. */
  readonly expect?: { readonly commit?: string | undefined; readonly image?: string | undefined }
  /** What serves before the change, as people call it. */
  readonly before?: { readonly id: string; readonly version: string }
  readonly regions?: Readonly<Record<string, number>>
  /** What `scale` is called with to have it again as it was. */
  readonly undo?: { readonly replicas: number; readonly region: string }
  /** How many replicas must run in the end. */
  readonly replicas: number
  /** Runs at times only: no replicas are expected in between. */
  readonly cron: boolean
}

/** What a change is worked out from. */
export interface Scene {
  readonly environment: EnvironmentRef
  readonly service: ServiceState
  /** The service's newest deployments, newest first. */
  deployments(): Promise<readonly DeploymentState[]>
  /** The plan that Railway bills by, where it may be known. */
  billingPlan(): Promise<string | undefined>
}

/** How one kind of change goes, from plan to verdict. */
export interface Course<C extends Change = Change> {
  readonly steps: readonly StepName[]
  /** How the outcome is judged: by a new deployment, by new instances of the same one, or by the number of replicas. */
  readonly outcome: 'deployment' | 'instances' | 'replicas'
  /** `deploy` in `Deploying api to production`, and in `api was deployed`. */
  readonly words: { readonly doing: string; readonly done: string; readonly preposition: 'to' | 'in' }
  title(change: C, environment: EnvironmentRef): string
  /** Throws UserError with the reason where the change cannot be made. Changes nothing. */
  prepare(change: C, scene: Scene): Promise<Prepared>
  /** The mutation, once. Answers the new deployment's id where Railway says it. */
  mutate(railway: Railway, target: Target, prepared: Prepared): Promise<string | undefined>
}
