// Loaded before the program of each process that the launcher starts: a launcher that was killed cannot stop them, so they end themselves.
const graceMs = 5_000

if (process.channel) {
  process.once('disconnect', () => {
    process.kill(process.pid, 'SIGTERM')
    setTimeout(() => process.kill(process.pid, 'SIGKILL'), graceMs).unref()
  })
  process.channel.unref() // The listener alone must not keep the program alive.
}
