import { checkCommand } from './check/command.js'
import { filterCommand } from './filter/command.js'
import { guideCommand } from './guide/command.js'
import { openApiCommand } from './openapi/command.js'
import { serveCommand } from './serve/command.js'
import type { Command } from './shared/command.js'
import { simulateCommand } from './simulate/command.js'

/** All commands, in the order of the help. */
export const commands: readonly Command[] = [
  checkCommand,
  simulateCommand,
  filterCommand,
  serveCommand,
  guideCommand,
  openApiCommand,
]
