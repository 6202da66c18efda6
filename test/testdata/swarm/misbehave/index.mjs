// Each way in which a function can go wrong, by name.
const WAYS = {
  notJson: () => 10n ** 30n,
  circular: () => { const a = {}; a.a = a; return a },
  tooLarge: () => 'x'.repeat(17 * 1024 * 1024),
  never: () => new Promise(() => {}),
  endless: () => { for (;;); },
  exits: () => process.exit(3),
  throwsNothing: () => { throw undefined },
  rejectsLater: () => { setTimeout(() => Promise.reject(new Error('later')), 1); return new Promise(() => {}) },
  devours: () => { const kept = []; for (;;) kept.push(new Array(1e6).fill(kept.length)) }
}

export default async function ({ way }) {
  return await WAYS[way]()
}
