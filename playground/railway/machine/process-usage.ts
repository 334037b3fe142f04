import { readFile } from 'node:fs/promises'

export interface ProcessUsage {
  /** CPU time since its start, in seconds. */
  readonly cpuSeconds: number
  readonly memoryBytes: number
}

/** Linux's USER_HZ, the unit of /proc/<pid>/stat: 100 on every architecture that Node runs on. */
const ticksPerSecond = 100
const pageBytes = 4_096

/** undefined where the process has ended (or there is no /proc). */
export async function readUsage(pid: number): Promise<ProcessUsage | undefined> {
  const [stat, statm] = await Promise.all([readProc(pid, 'stat'), readProc(pid, 'statm')])
  if (stat === undefined || statm === undefined) return undefined
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ') // the name before may hold spaces and parentheses
  return {
    cpuSeconds: (Number(fields[11]) + Number(fields[12])) / ticksPerSecond,
    memoryBytes: Number(statm.split(' ')[1]) * pageBytes,
  }
}

async function readProc(pid: number, file: string): Promise<string | undefined> {
  try {
    return await readFile(`/proc/${pid}/${file}`, 'utf8')
  } catch (error) {
    if (['ENOENT', 'ESRCH'].includes((error as NodeJS.ErrnoException).code ?? '')) return undefined
    throw error
  }
}
