/** What a failed dial means, in words a person can act on: libp2p's own say what broke, not why. */

/** One line for one or several failed addresses. */
export function explainDial (err: unknown, addresses: string[]): string {
  const errors = err instanceof AggregateError ? err.errors as Error[] : [err as Error]
  return [...new Set(errors.map(one => explain(one, addresses.join(', '))))].join('; ')
}

function explain (err: Error, where: string): string {
  const text = `${err.name} ${err.message}`
  const known = EXPLANATIONS.find(([pattern]) => pattern.test(text))
  return known === undefined ? `${where}: ${err.message}` : `${where}: ${known[1](err)}`
}

const EXPLANATIONS: Array<[RegExp, (err: Error) => string]> = [
  [/not admitted: /, err => err.message.replace(/^.*?not admitted: /, 'not admitted: ')],
  [/ECONNREFUSED/, () => 'nothing listens there'],
  [/EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_AGAIN/, () => 'no route to that host'],
  [/Timeout|timed out|timeout|AbortError|aborted/i, () =>
    'no answer in time; is the address right, and the token of the same mesh? Without a token only an open mesh answers'],
  [/does not match expected remote identity key|Payload identity/, () => 'another peer than the expected one answers there'],
  [/Can not dial self/, () => 'that is this peer itself'],
  // pnet says nothing of its own: with another network key the first bytes are noise.
  [new RegExp('unexpected end of input|UnexpectedEOF|Unexpected EOF|Missing newline|InvalidMessageLength|InvalidDataLength|' +
    'ECONNRESET|stream closed|StreamReset|ended|too long|protocol', 'i'),
  () => 'it answers, but with another network key or protocol; check that the address and the token are of the same mesh; without a token only an open mesh answers']
]
