/** Looks again and again, without a fixed wait, until `read` gives something; rejects with `what` after the deadline. */
export async function until<Value>(
  read: () => Value | undefined | false | Promise<Value | undefined | false>,
  what: () => string,
  deadlineMs = 15_000,
): Promise<Value> {
  for (const since = performance.now(); performance.now() - since < deadlineMs; await new Promise((resolve) => setTimeout(resolve, 15))) {
    const value = await read()
    if (value !== undefined && value !== false) return value
  }
  throw new Error(`not within ${deadlineMs} ms: ${what()}`)
}
