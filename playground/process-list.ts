import { readFileSync } from 'node:fs'

export interface ProcessEntry {
  readonly name: string
  readonly pid: number
}

export interface ProcessState extends ProcessEntry {
  /** Resident, in bytes: what several share counts for each. Undefined where it is gone, or on a system without /proc. */
  readonly memoryBytes: number | undefined
}

/** The launcher's processes as they are at this moment. */
export function withMemory(entries: readonly ProcessEntry[]): readonly ProcessState[] {
  return entries.map(({ name, pid }) => ({ name, pid, memoryBytes: memoryOf(pid) }))
}

function memoryOf(pid: number): number | undefined {
  try {
    const kilobytes = readFileSync(`/proc/${pid}/status`, 'utf8').match(/^VmRSS:\s+(\d+) kB$/m)?.[1]
    return kilobytes === undefined ? undefined : Number(kilobytes) * 1024
  } catch {
    return undefined // It ended meanwhile.
  }
}
