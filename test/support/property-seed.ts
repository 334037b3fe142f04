import fc from 'fast-check'

// The same examples at every run, so that a change is judged and not the dice. FAST_CHECK_SEED=$RANDOM looks for new ones.
fc.configureGlobal({ seed: Number(process.env.FAST_CHECK_SEED ?? 20_261_121) })
