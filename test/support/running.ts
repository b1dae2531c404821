/** A server that a test has started. */
interface Running {
  readonly close: () => Promise<void>
}

const running = new Set<Running>()
const lasting = new Set<Running>()
let before: ReadonlySet<Running> = new Set()

/** Notes a server that `endOfTest` or `endOfFile` must end if it still runs. */
export function note(server: Running): void {
  running.add(server)
}

/** For a server that is started within a test and that later tests of the file use, too. */
export function keep<Server extends Running>(server: Server): Server {
  lasting.add(server)
  return server
}

/** To be called before each test: servers that already run are not the test's own. */
export function startOfTest(): void {
  before = new Set(running)
}

/** Ends the servers that the test has started, however it came out: a server that runs would keep the process alive. */
export async function endOfTest(): Promise<void> {
  await end([...running].filter((server) => !before.has(server) && !lasting.has(server)))
}

/** Ends all servers of the test file. */
export async function endOfFile(): Promise<void> {
  await end([...running])
}

async function end(servers: readonly Running[]): Promise<void> {
  for (const server of servers) running.delete(server)
  await Promise.all(servers.map((server) => server.close()))
}
