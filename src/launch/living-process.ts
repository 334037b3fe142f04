import { readFileSync } from 'node:fs'

/**
 * Tells a process from a later one with the same id: its start, in ticks since the machine's. Undefined where it is gone, a zombie
 * (PID 1 of a container often reaps nobody), or on a system without /proc.
 */
export function startOf(pid: number): string | undefined {
  const fields = statOf(pid)
  return fields && fields[0] !== 'Z' && fields[0] !== 'X' ? fields[19] : undefined
}

/** Whether a process runs. A zombie does not. */
export function isAlive(pid: number): boolean {
  if (statOf(pid)) return startOf(pid) !== undefined
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** What a process was started with; empty where that cannot be known. */
export function commandLineOf(pid: number): string {
  return readProc(`${pid}/cmdline`)?.replaceAll('\0', ' ').trim() ?? ''
}

/** Fields of /proc/<pid>/stat from the state on: the name before them, in brackets, may hold anything. */
function statOf(pid: number): string[] | undefined {
  const stat = readProc(`${pid}/stat`)
  return stat?.slice(stat.lastIndexOf(')') + 2).split(' ')
}

function readProc(path: string): string | undefined {
  try {
    return readFileSync(`/proc/${path}`, 'utf8')
  } catch {
    return undefined // Gone, or no /proc here: the callers' "cannot be known".
  }
}
