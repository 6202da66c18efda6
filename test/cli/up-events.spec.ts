import { expect } from 'chai'
import { Narrator } from '../../src/cli/up-events.js'

describe('what a peer in the foreground tells', () => {
  it('names peers as far as they were met, and says what a takeover was of and why', () => {
    const narrator = new Narrator()

    const told = [
      { event: 'peerConnected', peer: '12D3shop', name: 'shop' },
      { event: 'takeover', execution: 's.1', branch: 's.1', from: '12D3shop', by: '12D3me', reason: 'its writer was silent for 1700 ms', epoch: '1.1' },
      { event: 'takeover', execution: 's.1', branch: 'bafy.0', from: '12D3far', by: '12D3me', reason: 'its writer started again', epoch: '1.1' },
      { event: 'peerDisconnected', peer: '12D3shop', name: 'shop' },
      { event: 'executionEnded', execution: 's.1', status: 'completed' }
    ].map(event => narrator.tell(event))

    expect(told).to.deep.equal([
      'connected to shop',
      'took over execution s.1 from shop: its writer was silent for 1700 ms',
      'took over a branch of execution s.1 from 12D3far: its writer started again',
      'no connection to shop any more',
      'execution s.1 is completed'
    ])
  })

  it('shows an event it does not know with all that is in it', () => {
    expect(new Narrator().tell({ event: 'failed', reason: 'the disk is full', bytes: 0 })).to.equal('failed reason=the disk is full bytes=0')
  })
})
