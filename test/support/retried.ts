/** The session may be away for a moment, or the machine busy: Discord itself then says that the application did not respond. */
export async function retried<Value>(run: () => Promise<Value>, tries = 5): Promise<Value> {
  try {
    return await run()
  } catch (error) {
    if (tries === 1) throw error
    return retried(run, tries - 1)
  }
}
