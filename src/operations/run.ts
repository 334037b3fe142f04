import type { Railway, Target } from '#src/adapters/railway/railway.ts'
import type { Clock } from '#src/kernel/clock.ts'
import type { Log } from '#src/kernel/log.ts'
import type { Operation, StepName, StepStatus, Steps, Verdict } from './operation.ts'
import type { Course } from './plans/prepared.ts'

/** An operation in the hands of one worker. Everything it writes counts only while no other worker has taken it. */
export interface Run {
  readonly operation: Operation
  readonly course: Course
  readonly target: Target
  readonly railway: Railway
  readonly clock: Clock
  readonly log: Log
  /** Aborts when this process stops, or when another worker took over. */
  readonly signal: AbortSignal
  readonly steps: Steps
  /** Why it must not begin, whatever the plan said when it was asked for; undefined: it may. */
  refused(): Promise<string | undefined>
  /** Writes how a step stands, and tells everybody who watches, in one transaction. Throws TakenOver. */
  checkpoint(step: StepName, status: StepStatus, data: object): Promise<void>
  /** Tells everybody who watches how far it is, without a new step. Throws TakenOver. */
  tell(): Promise<void>
  /** Throws TakenOver where another worker has it by now. */
  stillOurs(): Promise<void>
}

/** Another worker has this operation: nothing more may be done with it here. */
export class TakenOver extends Error {
  override readonly name = 'TakenOver'
}

/** This process stops: another goes on where this one was. */
export class HandedOver extends Error {
  override readonly name = 'HandedOver'
}

/** One step. Answers a verdict where the operation ends with it; undefined to go on. Done again after a takeover, it goes on where it was. */
export type StepRun = (run: Run) => Promise<Verdict | undefined>

export function failed(sentence: string, rest: Partial<Verdict> = {}): Verdict {
  return { status: 'failed', facts: [], lines: [], ...rest, sentence }
}

export function unknown(sentence: string, rest: Partial<Verdict> = {}): Verdict {
  return { status: 'unknown', facts: [], lines: [], ...rest, sentence }
}

/** Waits, unless this process is to stop. Throws HandedOver. */
export async function pause({ clock, signal }: Run, ms: number): Promise<void> {
  await clock.sleep(ms, signal)
  if (signal.aborted) throw new HandedOver('this worker stops')
}
