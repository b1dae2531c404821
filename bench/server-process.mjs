// Starts a server of this folder in a process of its own and asks it for the CPU time it has used.
import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/**
 * @returns {Promise<{ port: number, info: any, cpu: () => Promise<number>, ask: (question: object) => Promise<any>,
 * stop: () => Promise<void> }>}
 */
export async function startServer(file, options = {}) {
  const child = fork(fileURLToPath(new URL(`servers/${file}`, import.meta.url)), [JSON.stringify(options)], {
    env: { ...process.env, NODE_ENV: 'production' },
    execArgv: [
      ...(options.profile ? ['--cpu-prof', `--cpu-prof-dir=${options.profile}`] : []),
      // V8 drops code that did not run between several collections, and would compile it again in the measured request.
      ...(options.collects ? ['--expose-gc', '--no-flush-bytecode'] : []),
    ],
    serialization: 'advanced',
  })
  const next = () =>
    new Promise((resolve, reject) => {
      const onExit = (code) => reject(new Error(`${file} ended with ${code}`))
      child.once('exit', onExit)
      child.once('message', (message) => {
        child.off('exit', onExit)
        resolve(message)
      })
    })
  const info = await next()
  const ask = async (question) => {
    const answer = next()
    child.send(question)
    return answer
  }
  return {
    port: info.port,
    info,
    ask,
    cpu: async () => (await ask({ cpu: true })).cpu,
    stop: () =>
      new Promise((resolve) => {
        child.once('exit', resolve)
        child.send({ stop: true })
      }),
  }
}
