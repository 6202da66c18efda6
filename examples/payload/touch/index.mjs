// Gives back what it got with one field changed, so that each step has data of its own to keep.
export default async function (input) {
  return { ...input, touched: (input.touched ?? 0) + 1 }
}
