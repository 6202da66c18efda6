// Tells the world outside that this task is at work, goes on when it answers, and gives its input back.
export default async function (input, { execution, task, idempotencyKey, signal }) {
  const answer = await fetch(input.outside, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'idempotency-key': idempotencyKey },
    body: JSON.stringify({ execution, at: task.split('/').at(-1) }),
    signal
  })
  if (!answer.ok) throw Object.assign(new Error(`outside answered ${answer.status}`), { status: answer.status })
  await answer.arrayBuffer()
  return input
}
