// The answer of every measured server to the process that measures it.
import { endWatch, parseTime, startWatch } from './watch.mjs'

export function serve(app, info = {}) {
  const server = app.listen(0, '127.0.0.1', () => process.send({ port: server.address().port, ...info }))
  process.on('message', (question) => {
    if (question.cpu) {
      const { user, system } = process.cpuUsage()
      process.send({ cpu: (user + system) / 1000 })
    } else if (question.watch) {
      startWatch()
      process.send({})
    } else if (question.blocked) {
      process.send({ ms: endWatch() })
    } else if (question.json !== undefined) {
      process.send({ ms: parseTime(question.json) })
    } else if (question.stop) {
      process.exit(0)
    }
  })
}
