import { Command } from 'commander'
import { backtestCommand } from './backtest.js'
import { counterfactualCommand } from './counterfactual.js'
import { exposuresCommand } from './exposures.js'
import { fsckCommand } from './fsck.js'
import { checkpointCommand, consistencyCommand, proofCommand } from './proofs.js'
import { bundleCommand } from './bundle.js'
import { coverageCommand } from './coverage.js'
import { exportCommand } from './export.js'
import { sampleCommand } from './sample.js'
import { reportCommand } from './report.js'
import { searchCommand } from './search.js'
import { retentionCommand } from './retention.js'
import { replayCommand } from './replay.js'
import { showCommand } from './show.js'
import { verifyCommand } from './verify.js'
import { whyCommand } from './why.js'

export const auditCommand = (): Command =>
  new Command('audit')
    .description('the decision ledger')
    .addCommand(verifyCommand())
    .addCommand(bundleCommand())
    .addCommand(showCommand())
    .addCommand(whyCommand())
    .addCommand(counterfactualCommand())
    .addCommand(exposuresCommand())
    .addCommand(replayCommand())
    .addCommand(reportCommand())
    .addCommand(backtestCommand())
    .addCommand(fsckCommand())
    .addCommand(retentionCommand())
    .addCommand(checkpointCommand())
    .addCommand(proofCommand())
    .addCommand(consistencyCommand())
    .addCommand(searchCommand())
    .addCommand(sampleCommand())
    .addCommand(coverageCommand())
    .addCommand(exportCommand())
