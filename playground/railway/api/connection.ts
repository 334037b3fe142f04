/** Relay's paging arguments. */
export interface PageArguments {
  readonly first?: number | null
  readonly after?: string | null
  readonly last?: number | null
  readonly before?: string | null
}

const largestPage = 500

/** A page of rows, whose ids are the cursors. */
export function connection<Row extends { readonly id: string }>(rows: readonly Row[], page: PageArguments) {
  const from = page.after ? rows.findIndex((row) => row.id === page.after) + 1 : 0
  const until = page.before ? rows.findIndex((row) => row.id === page.before) : rows.length
  const between = rows.slice(from, until < 0 ? rows.length : until)
  const size = Math.min(page.first ?? page.last ?? largestPage, largestPage)
  const fromEnd = (page.first ?? undefined) === undefined && (page.last ?? undefined) !== undefined
  const shown = fromEnd ? between.slice(Math.max(0, between.length - size)) : between.slice(0, size)
  return {
    edges: shown.map((node) => ({ cursor: node.id, node })),
    pageInfo: {
      startCursor: shown[0]?.id ?? null,
      endCursor: shown.at(-1)?.id ?? null,
      hasNextPage: shown.length > 0 && shown.at(-1) !== rows.at(-1),
      hasPreviousPage: shown.length > 0 && shown[0] !== rows[0],
    },
  }
}
