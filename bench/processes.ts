import { readdirSync, readFileSync } from 'node:fs'

/** USER_HZ, which Linux fixes for every program. https://man7.org/linux/man-pages/man7/time.7.html */
const TICKS_PER_SECOND = 100

/** A process and all that it started, as /proc shows them. */
export function processTree(root: number): readonly number[] {
  const parents = new Map<number, number>()
  for (const entry of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    const stat = read(`/proc/${entry}/stat`)
    // The name may hold spaces and brackets: what counts stands after the last one.
    if (stat) parents.set(Number(entry), Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]))
  }
  const found = [root]
  for (const parent of found) for (const [pid, of] of parents) if (of === parent) found.push(pid)
  return found
}

/** Proportional set size of processes, MB: memory that is shared counts once. */
export function pssMegabytes(pids: readonly number[]): number {
  const kilobytes = pids.map((pid) => Number(/^Pss:\s+(\d+)/m.exec(read(`/proc/${pid}/smaps_rollup`) ?? '')?.[1] ?? 0))
  return kilobytes.reduce((sum, each) => sum + each, 0) / 1024
}

/** Resident set size of one process, MB. */
export function rssMegabytes(pid: number): number {
  return Number(/^VmRSS:\s+(\d+)/m.exec(read(`/proc/${pid}/status`) ?? '')?.[1] ?? 0) / 1024
}

export function commandLine(pid: number): string {
  return (read(`/proc/${pid}/cmdline`) ?? '').replaceAll('\0', ' ')
}

/** The variables that a process was started with. */
export function environmentOf(pid: number): Readonly<Record<string, string>> {
  const set = (read(`/proc/${pid}/environ`) ?? '').split('\0').map((each) => each.split(/=(.*)/s) as [string, string])
  return Object.fromEntries(set)
}

/** Undefined where the process is gone meanwhile. */
function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}

/** What a process has used of the processor, in seconds, in its own code and in the kernel's for it. */
export function cpuSeconds(pid: number): number {
  const stat = read(`/proc/${pid}/stat`) ?? ''
  const [user = '0', system = '0'] = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .slice(11, 13)
  return (Number(user) + Number(system)) / TICKS_PER_SECOND
}
