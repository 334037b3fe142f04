import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** What waits the longest begins first, or a run would end with a minute in which one file is left. */
export default class ScenariosFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files)
    const isScenario = ({ moduleId }: TestSpecification) => moduleId.includes('/test/scenarios/')
    return [...sorted.filter(isScenario), ...sorted.filter((file) => !isScenario(file))]
  }
}
