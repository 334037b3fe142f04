import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import type { Clock } from '#src/kernel/clock.ts'
import { isAlive, startOf } from './living-process.ts'

export interface ChildEntry {
  readonly name: string
  readonly pid: number
}

/** The launcher's children on disk, so that the next launcher can end what a killed one left behind. */
export interface ChildList {
  write(children: readonly ChildEntry[]): void
  /** Ends those of the last list that are still there, and answers their names. */
  endLeftovers(): Promise<readonly string[]>
  remove(): void
}

export function createChildList(path: string, clock: Clock, graceMs = 6_000): ChildList {
  return {
    write(children) {
      writeFileSync(path, JSON.stringify(children.map((child) => ({ ...child, start: startOf(child.pid) }))))
    },
    async endLeftovers() {
      const left = read(path).filter(isStillThere)
      for (const { pid } of left) process.kill(pid, 'SIGTERM')
      for (let waited = 0; waited < graceMs && left.some(isStillThere); waited += 20) await clock.sleep(20)
      for (const { pid } of left.filter(isStillThere)) process.kill(pid, 'SIGKILL')
      return left.map(({ name }) => name)
    },
    remove: () => rmSync(path, { force: true }),
  }
}

type Kept = ChildEntry & { readonly start?: string }

function isStillThere({ pid, start }: Kept): boolean {
  return start === undefined ? false : isAlive(pid) && startOf(pid) === start
}

function read(path: string): readonly Kept[] {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Kept[]
  } catch {
    return [] // No list, or one that was cut short by the kill: each store's own check remains.
  }
}
