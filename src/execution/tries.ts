/**
 * How often each step was tried, while a `try` with a retry is under way: runs of neighbouring steps with the same count,
 * so that a loop of ten thousand calls inside one costs a few numbers. (step, attempt) never repeats in a branch.
 */
export type Runs = [first: number, last: number, count: number][]

export function countTry (runs: Runs, step: number): { runs: Runs, count: number } {
  const at = runs.findIndex(([, last]) => step <= last)
  const run = runs[at]
  if (run === undefined) return { runs: join([...runs, [step, step, 1]]), count: 1 }
  const [first, last, count] = run
  if (step < first) return { runs: join([...runs.slice(0, at), [step, step, 1], ...runs.slice(at)]), count: 1 }
  const parts: Runs = [[first, step - 1, count], [step, step, count + 1], [step + 1, last, count]]
  return { runs: join([...runs.slice(0, at), ...parts.filter(([from, to]) => from <= to), ...runs.slice(at + 1)]), count: count + 1 }
}

function join (runs: Runs): Runs {
  const joined: Runs = []
  for (const [first, last, count] of runs) {
    const before = joined.at(-1)
    if (before?.[2] === count && before[1] === first - 1) joined[joined.length - 1] = [before[0], last, count]
    else joined.push([first, last, count])
  }
  return joined
}
