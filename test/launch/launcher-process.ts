import { runLauncher } from '#src/launch/run-launcher.ts'

/** The launcher, over another folder than the clone's: `node launcher-process.ts <folder URL>`. */
await runLauncher({ env: process.env, root: new URL(process.argv[2]!) })
