#!/usr/bin/env node
import { Command, CommanderError } from 'commander'
import { auditCommand } from './audit/audit.js'
import { evaluateCommand } from './evaluate.js'
import { featuresCommand } from './features.js'
import { identifiersCommand } from './identifiers.js'
import { importCommand } from './import.js'
import { keysCommand } from './keys.js'
import { investorsCommand, productsCommand } from './lists.js'
import { modelsCommand } from './models.js'
import { say } from './output.js'
import { reasonOf } from './reasons.js'
import { questionnaireCommand } from './questionnaire.js'
import { recommendCommand } from './recommend.js'
import { releaseCommand } from './release.js'
import { rulesCommand } from './rules.js'
import { serveCommand, startCommand } from './serve.js'
import { simulateCommand } from './simulate.js'
import { trainCommand } from './train.js'

const program = new Command('aptus').description('Suitable recommendations for wealth management, each one recorded.')

for (const command of [
  startCommand(),
  serveCommand(),
  simulateCommand(),
  importCommand(),
  trainCommand(),
  evaluateCommand(),
  recommendCommand(),
  releaseCommand(),
  modelsCommand(),
  auditCommand(),
  rulesCommand(),
  questionnaireCommand(),
  keysCommand(),
  identifiersCommand(),
  investorsCommand(),
  productsCommand(),
  featuresCommand(),
])
  program.addCommand(command)

/** A command does not inherit these where it is added whole. */
function prepare(command: Command): void {
  command.exitOverride().showHelpAfterError('(add --help for the options)')
  command.commands.forEach(prepare)
}

/** Says what went wrong, and gives the exit code: 1 failed or a check did not hold, 2 wrong usage or bad input. */
function told(error: unknown): number {
  // Commander has said what was wrong already.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2
  const reason = reasonOf(error)
  if (reason === null)
    say(`aptus: unexpected error: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`)
  else say(`aptus: ${reason.message}`)
  return reason?.exitCode ?? 1
}

// Who pipes into `head` reads no further: the command ends as it would have.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
})

prepare(program)
try {
  await program.parseAsync()
} catch (error) {
  process.exitCode = told(error)
}
