// Charges an order; an order that says `declined` fails for good, with HTTP's 402, before anything is charged.
export default async function (input, { execution, idempotencyKey, signal }) {
  await new Promise(resolve => setTimeout(resolve, 10))
  if (input.declined === true) throw Object.assign(new Error('the bank declined'), { status: 402, title: 'Payment declined', retryable: false })
  if (input.ledger !== undefined) await book(input, { key: idempotencyKey, execution, kind: 'payment', order: input.order }, signal)
  return { ...input, paid: true }
}

async function book ({ ledger }, entry, signal) {
  const answer = await fetch(ledger, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'idempotency-key': entry.key },
    body: JSON.stringify(entry),
    signal
  })
  await answer.arrayBuffer()
  if (!answer.ok) throw Object.assign(new Error(`the ledger answered ${answer.status}`), { status: answer.status })
}
