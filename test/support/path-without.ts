import { existsSync } from 'node:fs'
import { mkdir, readdir, symlink } from 'node:fs/promises'
import { delimiter, join } from 'node:path'

/** The PATH, as if these programs were not installed: folders that hold one are replaced by links to all else in them. */
export async function pathWithout(programs: readonly string[], folder: string, path = process.env.PATH ?? ''): Promise<string> {
  const folders = path.split(delimiter).filter(Boolean)
  return (await Promise.all(folders.map(replaced))).join(delimiter)

  async function replaced(original: string, index: number): Promise<string> {
    if (!programs.some((program) => existsSync(join(original, program)))) return original
    const copy = join(folder, String(index))
    await mkdir(copy, { recursive: true, mode: 0o755 })
    for (const name of await readdir(original)) {
      if (!programs.includes(name)) await symlink(join(original, name), join(copy, name))
    }
    return copy
  }
}
