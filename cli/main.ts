#!/usr/bin/env node
import { Command, CommanderError } from 'commander'
import { say } from './output.js'

const program = new Command('aptus').description('Suitable recommendations for wealth management, each one recorded.')

/** In the order in which help lists them. Each is read only when it is called: all of them take most of a second. */
const commands: Readonly<Record<string, () => Promise<Command>>> = {
  start: async () => (await import('./serve.js')).startCommand(),
  serve: async () => (await import('./serve.js')).serveCommand(),
  simulate: async () => (await import('./simulate.js')).simulateCommand(),
  import: async () => (await import('./import.js')).importCommand(),
  train: async () => (await import('./train.js')).trainCommand(),
  examples: async () => (await import('./examples.js')).examplesCommand(),
  tune: async () => (await import('./tune.js')).tuneCommand(),
  evaluate: async () => (await import('./evaluate.js')).evaluateCommand(),
  recommend: async () => (await import('./recommend.js')).recommendCommand(),
  release: async () => (await import('./release.js')).releaseCommand(),
  models: async () => (await import('./models.js')).modelsCommand(),
  audit: async () => (await import('./audit/audit.js')).auditCommand(),
  rules: async () => (await import('./rules.js')).rulesCommand(),
  questionnaire: async () => (await import('./questionnaire.js')).questionnaireCommand(),
  keys: async () => (await import('./keys.js')).keysCommand(),
  identifiers: async () => (await import('./identifiers.js')).identifiersCommand(),
  investors: async () => (await import('./lists.js')).investorsCommand(),
  products: async () => (await import('./lists.js')).productsCommand(),
  features: async () => (await import('./features.js')).featuresCommand(),
}

const asked = process.argv[2] ?? ''
const called = commands[asked]
program.option('-V, --version', 'version, commit of the sources, and Node')
if (asked === '--version' || asked === '-V') {
  const { commit, software } = await import('../serving/software.js')
  process.stdout.write(`aptus ${software.aptus}, commit ${commit() ?? 'unknown'}, Node ${software.node}\n`)
  process.exit()
}
for (const command of called === undefined ? Object.values(commands) : [called]) program.addCommand(await command())

/** A command does not inherit these where it is added whole. */
function prepare(command: Command): void {
  command.exitOverride().showHelpAfterError('(add --help for the options)')
  command.commands.forEach(prepare)
}

/** Says what went wrong, and gives the exit code: 1 failed or a check did not hold, 2 wrong usage or bad input. */
async function told(error: unknown): Promise<number> {
  // Commander has said what was wrong already.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2
  const { reasonOf } = await import('./reasons.js')
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
  process.exitCode = await told(error)
}
