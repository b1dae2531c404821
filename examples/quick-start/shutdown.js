/**
 * Ends a server at SIGTERM and SIGINT: requests in flight are answered, idle connections are closed.
 *
 * `npm start` hands a signal to the shell between it and this process, and the shell does not pass it on; so under npm
 * the server also ends when that shell does.
 */
export function closeOnSignal(server) {
  for (const signal of ['SIGTERM', 'SIGINT']) process.once(signal, () => server.close())
  const shell = process.ppid
  if (process.env.npm_lifecycle_event) setInterval(() => process.ppid === shell || server.close(), 200).unref()
}
