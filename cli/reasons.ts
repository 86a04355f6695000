import { basename } from 'node:path'
import { LedgerError } from '../audit/ledgerError.js'
import { RuleFault } from '../audit/rules/ruleFault.js'
import { RuleRecordError } from '../audit/rules/ruleLedger.js'
import { PersonsError } from '../audit/personWriter.js'
import { LocatedError } from '../engine/locatedYaml.js'
import { IngestError } from '../features/ingest/report.js'
import { StoreUnreachable } from '../features/store/port.js'
import { ConfigurationError } from '../serving/configuration.js'
import { DataError } from '../serving/dataError.js'
import { Unavailable } from '../serving/service.js'
import { BlobError } from '../storage/blobs.js'
import { LogError } from '../storage/logError.js'
import { Failure, UsageError } from './output.js'

/** Wrong usage or bad input: exit 2. */
const wrongInput = [UsageError, IngestError, LocatedError, ConfigurationError]
/** The work could not be done, or a check did not hold: exit 1. */
const failed = [
  Failure,
  DataError,
  LogError,
  BlobError,
  LedgerError,
  PersonsError,
  RuleFault,
  RuleRecordError,
  StoreUnreachable,
  Unavailable,
]

/** What the system may refuse, in words; any other code of its is a bug of ours. */
const refusals: Readonly<Record<string, string>> = {
  EACCES: 'may not be read or written by this user',
  EPERM: 'may not be changed by this user',
  ENOTDIR: 'is, or lies below, a file where a folder is needed',
  EISDIR: 'is a folder where a file is needed',
  ENOENT: 'is absent',
  EROFS: 'lies on a read-only file system',
  ENOSPC: 'cannot be written: no space is left',
  EMFILE: 'cannot be opened: too many files are open',
}

/**
 * An expected failure as one sentence and the exit code; null for a bug, which is to be shown with its trace. The
 * system's own messages hold whole paths: of those the last name is enough.
 */
export function reasonOf(error: unknown): { readonly message: string; readonly exitCode: 1 | 2 } | null {
  if (!(error instanceof Error)) return null
  if (wrongInput.some((kind) => error instanceof kind)) return { message: error.message, exitCode: 2 }
  if (failed.some((kind) => error instanceof kind)) return { message: error.message, exitCode: 1 }
  const { code = '', path, syscall } = error as NodeJS.ErrnoException
  const words = refusals[code]
  if (syscall === undefined || words === undefined) return null
  return { message: `${path === undefined ? 'a file' : `"${basename(path)}"`} ${words} (${code})`, exitCode: 1 }
}
