export { compareEpochs, formatEpoch, nextEpoch, NO_EPOCH, samePeer } from './epoch.js'
export { childBranch, childrenIn, indexIn, lineageIn, listsChild, nextIn, openAfter, openingBy } from './record.js'
export { acceptAppend, attachments, duty, noteEpoch } from './replica.js'
export type { Accepted, Noted } from './replica.js'
export { copyIn, copyOut, FIRST_NUMBER, noteSet, sourcesFor } from './reconfigure.js'
export { adopt, beginTakeover, onNoted } from './takeover.js'
export type { Adoption, TakeoverBegun, TakeoverState } from './takeover.js'
export type {
  Ack, Append, AppendReply, Attachment, BranchRecord, Epoch, Lookup, NoteReply, NoteRequest, OpenChildren, Opening, PeerRef,
  RecordDraft, RecordRef, Refusal, RefusalReason, ReplicaBranch, SetConfig, SetCopy, SetMember, SetState, Take
} from './types.js'
export {
  beginAgain, changeSet, degrade, draft, firstWriter, isSettled, lastOf, mayGoOn, memberKey, namedWriter, onAck, onRefusal, resend, sendWith, takenWriter, write
} from './writer.js'
export type { NextRecord, WriterEvent, WriterMark, WriterState, WriterStatus, WriterStep } from './writer.js'
