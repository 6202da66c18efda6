/**
 * Gossip topics with what gossipsub leaves out: sizes are checked before publishing, because an oversized message kills
 * the link to whoever gets it while `publish` reports success; and what a topic's validator refuses costs its sender.
 */
import { TopicValidatorResult } from '@chainsafe/libp2p-gossipsub'
import { ConflictError, InvalidInputError, TooLargeError } from '../errors.js'
import { MAX_GOSSIP_BYTES } from '../limits.js'
import type { GossipSub, Message } from '@chainsafe/libp2p-gossipsub'
import type { PeerId } from '@libp2p/interface'
import type { MeshCounters } from './counters.js'
import type { MeshLog } from './types.js'

export type Accept = (bytes: Uint8Array, from: string) => boolean | Promise<boolean>
export type Deliver = (bytes: Uint8Array, from: string) => void

export class Gossip {
  private readonly delivers = new Map<string, Deliver>()
  private started = false

  constructor (private readonly pubsub: GossipSub, private readonly topics: ReadonlySet<string>,
    private readonly counters: MeshCounters,
    private readonly log: MeshLog) {
    pubsub.addEventListener('message', ({ detail }) => { this.onMessage(detail) })
  }

  async publish (topic: string, bytes: Uint8Array): Promise<void> {
    this.check(topic)
    if (bytes.byteLength > MAX_GOSSIP_BYTES) throw new TooLargeError(`a message on ${topic}`, bytes.byteLength, MAX_GOSSIP_BYTES)
    const traffic = this.counters.topic(topic)
    traffic.sent++
    traffic.sentBytes += bytes.byteLength
    await this.pubsub.publish(topic, bytes)
  }

  subscribe (topic: string, accept: Accept, deliver: Deliver): void {
    this.check(topic)
    if (this.delivers.has(topic)) throw new ConflictError(`topic ${topic} is subscribed to already`)
    this.delivers.set(topic, deliver)
    this.pubsub.topicValidators.set(topic, async (_: PeerId, message: Message) => await this.validate(accept, message))
    if (this.started) this.pubsub.subscribe(topic)
  }

  /** Once the underlying service runs: topics subscribed to before. */
  start (): void {
    this.started = true
    for (const topic of this.delivers.keys()) this.pubsub.subscribe(topic)
  }

  /** What gossipsub thinks of a peer: 0 is neutral, below -1000 nothing of it is heard. */
  score (peer: string): number {
    // Public on the class, left out of its interface.
    return (this.pubsub as unknown as { score: { score (peer: string): number } }).score.score(peer)
  }

  private check (topic: string): void {
    if (!this.topics.has(topic)) throw new InvalidInputError(`topic ${topic} is not one of this mesh`)
  }

  private async validate (accept: Accept, message: Message): Promise<TopicValidatorResult> {
    if (message.type !== 'signed' || message.data.byteLength > MAX_GOSSIP_BYTES) return this.reject()
    try {
      return await accept(message.data, message.from.toString()) ? TopicValidatorResult.Accept : this.reject()
    } catch (err) {
      // The fault may be ours, so it costs the sender nothing.
      this.log('warn', 'a topic validator failed', { topic: message.topic, error: String(err) })
      return TopicValidatorResult.Ignore
    }
  }

  private reject (): TopicValidatorResult {
    this.counters.rejected++
    return TopicValidatorResult.Reject
  }

  private onMessage (message: Message): void {
    if (message.type !== 'signed') return
    const traffic = this.counters.topic(message.topic)
    traffic.received++
    traffic.receivedBytes += message.data.byteLength
    try {
      this.delivers.get(message.topic)?.(message.data, message.from.toString())
    } catch (err) {
      this.log('warn', 'a topic handler failed', { topic: message.topic, error: String(err) })
    }
  }
}
