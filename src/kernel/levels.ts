/** A JSON value level by level: itself, what is in it, what is in that. Not by recursion, as values of callers may be deeper than the stack. */
export function* levels(value: unknown): Generator<readonly unknown[]> {
  let level: readonly unknown[] = [value]
  while (level.length > 0) {
    yield level
    level = level.flatMap((each) => (typeof each === 'object' && each !== null ? Object.values(each) : []))
  }
}

/** Whether something in it lies under more than so many others. */
export function isDeeperThan(most: number, value: unknown): boolean {
  let depth = 0
  for (const _ of levels(value)) {
    if (depth > most) return true
    depth += 1
  }
  return false
}
