import { readdirSync } from 'node:fs'

/** One measured figure. Where there is no baseline in the same run, `baseline` is the limit that it must keep. */
export interface Figure {
  readonly name: string
  readonly value: number
  readonly baseline: number
  readonly unit: string
}

/** `npm run bench` measures everything, `npm run bench -- startup` one file of this folder. Prints `name value baseline ratio`. */
const wanted = process.argv.slice(2)
const suites = readdirSync(import.meta.dirname)
  .filter((file) => file.endsWith('.bench.ts'))
  .filter((file) => wanted.length === 0 || wanted.some((name) => file.startsWith(name)))
  .sort()
if (suites.length === 0) {
  console.error(
    `no such benchmark; there are: ${readdirSync(import.meta.dirname)
      .filter((file) => file.endsWith('.bench.ts'))
      .join(', ')}`,
  )
  process.exit(1)
}
for (const suite of suites) {
  const { default: measure }: { readonly default: () => Promise<readonly Figure[]> } = await import(`./${suite}`)
  for (const { name, value, baseline, unit } of await measure()) {
    console.log(`${name} ${round(value)} ${round(baseline)} ${round(value / baseline)} (${unit})`)
  }
}
process.exit(0)

function round(value: number): number {
  return Number(value.toPrecision(4))
}
