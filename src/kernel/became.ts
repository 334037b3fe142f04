import type { Report } from './report.ts'

/** Something that was asked for and answered, perhaps by starting an operation. */
export interface Answered {
  /** What was said when it was answered. */
  readonly sentence: string | null
  /** Id of the operation that it started. */
  readonly operation: string | null
}

/** What became of it by now, in a sentence: an operation goes on after the answer that told of its start. */
export async function becameOf(
  { sentence, operation }: Answered,
  show: (operation: string) => Promise<Pick<Report, 'sentence'> | undefined>,
): Promise<string | null> {
  if (operation === null) return sentence
  const report = await show(operation)
  return report?.sentence ?? `It started operation ${operation}, of which no more is known here.`
}
