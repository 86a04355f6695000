/**
 * damaged: bytes before the last commit marker do not check; shorter: fewer records than the caller knows of;
 * held: another process owns the log; failed: a write or sync failed, closed until opened again; closed: after close();
 * bad-record: empty or too long; absent: no record of that index.
 */
export type LogFault = 'damaged' | 'shorter' | 'held' | 'failed' | 'closed' | 'bad-record' | 'absent'

/** What a record log refuses, by name; the message says where and what to do. */
export class LogError extends Error {
  constructor(
    readonly code: LogFault,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options)
    this.name = 'LogError'
  }
}
