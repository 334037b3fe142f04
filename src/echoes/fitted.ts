/** A phone shows so many columns without breaking them; between two columns of a table there are two. */
const COLUMNS = 40
const BETWEEN = 2
const LEAST = 4

/** Rows of which each takes one line: of the columns the widest give way first, and what does not fit is cut. */
export function fitted(rows: readonly (readonly string[])[]): readonly (readonly string[])[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(LEAST, ...rows.map((row) => columnsOf(row[column]!))))
  const room = COLUMNS - BETWEEN * (widths.length - 1)
  while (widths.reduce((sum, width) => sum + width, 0) > room) widths[widths.indexOf(Math.max(...widths))]! -= 1
  return rows.map((row) => row.map((text, column) => cut(text, widths[column]!)))
}

/** Whatever is no ASCII may take two. */
function columnsOf(text: string): number {
  let columns = 0
  for (const character of text) columns += character <= '~' ? 1 : 2
  return columns
}

function cut(text: string, most: number): string {
  if (columnsOf(text) <= most) return text
  let short = ''
  for (const character of text) {
    if (columnsOf(short + character) > most - 2) return `${short}…`
    short += character
  }
  return short
}
