/** The first import of every entry point: Node 20 lacks `Promise.withResolvers`, which libp2p needs. */
interface Resolvers<T> { promise: Promise<T>, resolve: (value: T | PromiseLike<T>) => void, reject: (reason?: unknown) => void }

const target = Promise as unknown as { withResolvers?: <T>() => Resolvers<T> }
target.withResolvers ??= function <T> (): Resolvers<T> {
  let resolve!: Resolvers<T>['resolve']
  let reject!: Resolvers<T>['reject']
  const promise = new Promise<T>((res, rej) => { resolve = res; reject = rej })
  return { promise, resolve, reject }
}
