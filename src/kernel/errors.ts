import type { Action } from './report.ts'

/** The member asked for something that cannot be: shown as it is, never alerts. The message is one or two plain sentences. */
export class UserError extends Error {
  override readonly name = 'UserError'
  readonly actions: readonly Action[]
  constructor(message: string, actions: readonly Action[] = []) {
    super(message)
    this.actions = actions
  }
}

/** Refused for now alone: somebody else's change is under way. What can ask anew (a button) is offered to the reader. */
export class Held extends UserError {}

export interface UpstreamFault {
  /** `Railway`, `Discord`, `Google Speech`. */
  readonly provider: string
  /** The provider's own name of what was asked, such as `serviceInstanceDeployV2`. */
  readonly operation: string
  /** True where asking again may work and cannot do harm. */
  readonly retryable: boolean
  /**
   * `refused`: the provider answered no, and did nothing. `ambiguous`: no usable answer came (time-out, cut connection, HTML):
   * a change may or may not have happened.
   */
  readonly outcome: 'refused' | 'ambiguous'
  /** True where only something was asked for: whatever became of it, nothing was changed. */
  readonly readOnly?: boolean
  /** False where nothing was even sent. */
  readonly reached?: boolean
  readonly status?: number
  /** The provider's own code for the error, such as Discord's 50013. */
  readonly code?: number
  readonly retryAfterMs?: number
  readonly traceId?: string
  /** Only these parts of an answer failed, and what it is about did not: asked without them, it is answered. */
  readonly beside?: readonly string[]
}

/** A provider did not do what was asked. The message is a plain sentence without secrets. */
export class UpstreamError extends Error {
  override readonly name = 'UpstreamError'
  readonly fault: UpstreamFault
  constructor(message: string, fault: UpstreamFault, options?: ErrorOptions) {
    super(message, options)
    this.fault = fault
  }
}

/** The exit code for a configuration that cannot work (sysexits.h, EX_CONFIG): starting again does not help. */
export const configExitCode = 78

/** Start is refused: names every missing or malformed variable, prints no value. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
  readonly problems: readonly string[]
  constructor(problems: readonly string[]) {
    super(`Helix cannot start:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`)
    this.problems = problems
  }
}

/** Another process took this call: nothing is left to do or to say. */
export class SeenBefore extends Error {
  override readonly name: string = 'SeenBefore'
}

/**
 * Nobody is left to answer at Discord: another process has this interaction (`elsewhere`), or its time was over before it was acknowledged
 * (`late`). Nothing was done with it here, and nothing more can be said: the door stops quietly.
 */
export class InteractionGone extends SeenBefore {
  override readonly name = 'InteractionGone'
  readonly why: 'elsewhere' | 'late'
  constructor(why: 'elsewhere' | 'late') {
    super(
      why === 'elsewhere' ? 'Another process has taken this interaction.' : 'This interaction was over before it could be acknowledged.',
    )
    this.why = why
  }
}
