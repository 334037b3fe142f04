/** A phone shows so many columns without breaking them; between two columns of a dense table there is one. */
const COLUMNS = 40
const BETWEEN = 1
const LEAST = 4

type Rows = readonly (readonly string[])[]

/** Rows of which each takes one line: of the columns the widest give way first, and what does not fit is cut. */
export function fitted(rows: Rows): Rows {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(LEAST, ...rows.map((row) => columnsOf(row[column]!))))
  const room = COLUMNS - BETWEEN * (widths.length - 1)
  while (widths.reduce((sum, width) => sum + width, 0) > room) widths[widths.indexOf(Math.max(...widths))]! -= 1
  const columns = widths.map((width, column) =>
    cutApart(
      rows.map((row) => row[column]!),
      width,
    ),
  )
  return rows.map((_, row) => columns.map((cells) => cells[row]!))
}

/** Whether each of them takes one line as it is. */
export function isFitting(rows: Rows): boolean {
  return fitted(rows).every((row, at) => row.every((text, column) => text === rows[at]![column]))
}

/** Texts that would be alike are cut in their middle: names of a kind begin alike. */
function cutApart(texts: readonly string[], most: number): readonly string[] {
  const short = texts.map((text) => cut(text, most))
  const alike = Map.groupBy(new Set(texts), (text) => cut(text, most))
  return texts.map((text, at) => (alike.get(short[at]!)!.length > 1 ? cutInside(text, most) : short[at]!))
}

/** Whatever is no ASCII may take two. */
function columnsOf(text: string): number {
  let columns = 0
  for (const character of text) columns += character <= '~' ? 1 : 2
  return columns
}

function cut(text: string, most: number): string {
  return columnsOf(text) <= most ? text : `${start(text, most - 1)}…`
}

function cutInside(text: string, most: number): string {
  if (columnsOf(text) <= most) return text
  const before = Math.floor((most - 1) / 3)
  return `${start(text, before)}…${[...start([...text].reverse().join(''), most - 1 - before)].reverse().join('')}`
}

function start(text: string, most: number): string {
  let short = ''
  for (const character of text) {
    if (columnsOf(short + character) > most) break
    short += character
  }
  return short
}
