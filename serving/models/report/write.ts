import { join } from 'node:path'
import { type Instant } from '../../../features/schema/time.js'
import { replaceFile } from '../../../storage/replaceFile.js'
import { readRun } from '../../../training/run.js'
import { reasonOfData } from '../../dataError.js'
import { folders } from '../../home.js'
import { type TrainingHome } from '../../trainingHome.js'
import { reportOf } from './data.js'
import { runPage } from './page.js'

export const pageFile = 'report.html'

/** The page of a run as of now. Rejects with `DataError` where there is no such run. `clock` in ms. */
export async function pageOf(home: TrainingHome, runId: string, at: Instant, clock: () => number): Promise<string> {
  const run = await reasonOfData(readRun(join(home.dir, folders.runs), runId))
  return runPage(await reasonOfData(reportOf(home, run, at, clock)))
}

/** Writes it beside the run's files. It is no part of the run: made of it, at any time, and of what serves then. */
export async function writePage(home: TrainingHome, runId: string, at: Instant, clock: () => number): Promise<void> {
  await replaceFile(join(home.dir, folders.runs, runId, pageFile), await pageOf(home, runId, at, clock))
}
