export interface Unit {
  readonly name: string
  /** Of these to one of the unit that was measured in. */
  readonly factor: number
}

const smaller: Readonly<Record<string, readonly Unit[]>> = {
  GB: [
    { name: 'GB', factor: 1 },
    { name: 'MB', factor: 1e3 },
    { name: 'kB', factor: 1e6 },
    { name: 'B', factor: 1e9 },
  ],
}

/** The first unit in which the largest of the values is at least 1; the unit itself where there is no smaller one. */
export function suitedUnit(unit: string, largest: number): Unit {
  const units = smaller[unit] ?? [{ name: unit, factor: 1 }]
  return units.find(({ factor }) => largest * factor >= 1) ?? (largest > 0 ? units.at(-1)! : units[0]!)
}

const format = new Intl.NumberFormat('en', { maximumFractionDigits: 3 })

/** Three digits that matter, at most three behind the point: `0`, `< 0.001`, `0.006`, `0.121`, `12.3`, `1,230`. */
export function figure(value: number): string {
  if (value > 0 && value < 0.001) return '< 0.001'
  return format.format(Number(value.toPrecision(3)))
}

/** `439 MB`, `0.006 vCPU`, `0 GB`. */
export function amount(value: number, unit: string): string {
  const { name, factor } = suitedUnit(unit, value)
  return `${figure(value * factor)} ${name}`
}
