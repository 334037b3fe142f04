import { readFile, writeFile } from 'node:fs/promises'
import type { CommandBook } from '#src/kernel/command-book.ts'
import { loadCommands } from '#src/kernel/load.ts'

const page = new URL('../docs/voice-commands.md', import.meta.url)
const BEGIN = '<!-- Below: from commands/, by node tools/voice-commands-page.ts -->'

/** The page with its list of commands as `commands/` has it now; what stands before the mark is written by hand. */
export function withCommands(text: string, book: CommandBook): string {
  const sections = [...book].flatMap(([name, { describe, role, risk, doors, says }]) =>
    doors.includes('voice')
      ? [
          `### ${name.replaceAll('.', ' ')}\n\n${describe}. ${risk === 'read' ? 'Answers at once' : 'Is read back first'}; from the role ${role}.\n\n${says.map((each) => `- ${each}`).join('\n')}\n`,
        ]
      : [],
  )
  return `${text.slice(0, text.indexOf(BEGIN) + BEGIN.length)}\n\n${sections.join('\n')}`
}

if (import.meta.main) {
  await writeFile(page, withCommands(await readFile(page, 'utf8'), await loadCommands(new URL('../commands/', import.meta.url))))
}
