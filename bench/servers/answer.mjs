// What every measured server tells the process that measures it.
import { monitorEventLoopDelay } from 'node:perf_hooks'

export function serve(app, info = {}) {
  const server = app.listen(0, '127.0.0.1', () => process.send({ port: server.address().port, ...info }))
  const delay = monitorEventLoopDelay({ resolution: 1 })
  process.on('message', (question) => {
    if (question.cpu) {
      const { user, system } = process.cpuUsage()
      process.send({ cpu: (user + system) / 1000 })
    } else if (question.watch) {
      delay.reset()
      delay.enable()
      process.send({})
    } else if (question.blocked) {
      delay.disable()
      process.send({ ms: delay.max / 1e6 })
    } else if (question.stop) {
      process.exit(0)
    }
  })
}
