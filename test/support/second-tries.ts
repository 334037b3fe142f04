import type { Reporter, TestModule } from 'vitest/node'

/** Names what passed at its second try only, where everybody looks: each is a race to find. */
export default class SecondTries implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const flaky = modules.flatMap((module) => [...module.children.allTests('passed')].filter((test) => test.diagnostic()?.flaky))
    for (const { module, fullName } of flaky)
      process.stdout.write(`passed at the second try only: ${module.relativeModuleId} > ${fullName}\n`)
  }
}
